"""What the demonstration's people write into forms, by question, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.demo.strands.placements import WHY

if TYPE_CHECKING:
    from collections.abc import Mapping

SAID: Mapping[str, tuple[str, ...]] = {
    "Name of your venture": ("Tidal Membranes Demo Ltd", "Kilnworth Ceramics (demo)"),
    "What is your question?": (
        "When does a laboratory result become a product?",
        "Do I need a patent before I talk to a customer?",
        "How do two founders share what there is not yet?",
    ),
    "What would you like to ask?": (
        "How long does protection last?",
        "Why do some vaccines need a second dose and others none?",
        "How is a trial stopped when something goes wrong?",
    ),
    "Your firm": ("Lockgate Coatings (demo)", "Ropewalk Fibres (demo)", "Tidewell Instruments (demo)"),
    "What should we not leave out?": (
        "Agency staff: they move between wards, and nobody trains them.",
        "What it costs to keep a bay closed for a day.",
        "Cleaning at night.",
    ),
    "Your trust": ("Mersey Vale Demo Trust", "Isis Bridge Demo Trust", "Weaver Demo Trust"),
    "Which host have you found?": ("Cherwell Batteries Demo Ltd",),
    WHY: (
        "Their membranes fail where my models say they should. I would bring two years of simulations.",
        "I want to see how a test leaves the bench. I have written the analysis that they use.",
        "It is the only firm that makes what I measure. I bring the measurements.",
    ),
    "Your first supervisor": ("Prof. Alder Whitcombe", "Dr Isolde Farrowgate", "Prof. Tarquin Eastbrook"),
    "What do you work on?": (
        "Defects in two-dimensional magnets, by microscopy.",
        "Superconductors at the edge of order.",
        "Cold atoms as a model of crystals.",
        "Noise in single-photon detectors.",
    ),
    "What will you take up, or whom will you meet again?": (
        "I shall look at our own varnish samples again.",
        "A conservator, who has asked me to measure a pigment for her.",
        "That glass weeps. I had never seen it.",
    ),
    "What should we do better next time?": (
        "Smaller groups: at the back one heard little.",
        "Half an hour more in the stores.",
        "Say beforehand that one stands for two hours.",
    ),
}
