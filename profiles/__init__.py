"""The feature profiles (1.6 3.3), one folder each."""


class Profile:
    """A profile besides Core: its `name` as in SupportedFeatureProfiles, its `folder` here, and where its `keys` are
    declared, see Keys.declare(). Its `core` is the object of the Core profile."""

    keys = ()

    def __init__(self, core):
        self.core = core
        self.records = []

    def start(self, engine=None):
        """Called once, when all keys are declared and Core has started."""

    accepted = reconnected = start  # as in Core
