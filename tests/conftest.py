"""The test bed, plugged in; what each part gives is said in its own file."""

pytest_plugins = [
    "tests.bed.databases",
    "tests.bed.application",
    "tests.bed.server",
    "tests.bed.mail",
    "tests.bed.smtp",
    "tests.bed.browser",
    "tests.bed.clock",
]
