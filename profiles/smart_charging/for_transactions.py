"""What the profile answers when a transaction is about to start, starts or ends (1.6 3.13.1, 5.11)."""

import memory

# By name, for an import statement would load the package of the CALLs too.
_CHECKS = "profiles.smart_charging.calls.set_charging_profile"


def checked_charging_profile(smart, profile):
    """What charging_profile_begins() takes; False if the profile will not do."""
    return memory.load(_CHECKS).for_remote_start(smart, profile) or False


def charging_profile_begins(smart, checked, number, transaction):
    """Keep the profile, which was `checked`, for the transaction that is about to start. OSError if flash fails."""
    memory.load(_CHECKS).start(smart, checked, number, transaction)


def transactions_changed(smart):
    """Limits follow the transactions."""
    if smart.has_profiles:
        smart.update()
