"""Tests of giving roles and handing over."""
