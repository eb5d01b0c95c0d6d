"""What the profile answers when a transaction is about to start, starts or ends (1.6 3.13.1, 5.11)."""


def checked_charging_profile(smart, profile):
    """What charging_profile_begins() takes; False if the profile will not do."""
    from profiles.smart_charging.calls import set_charging_profile
    return set_charging_profile.for_remote_start(smart, profile) or False


def charging_profile_begins(smart, checked, number, transaction):
    """Keep the profile, which was `checked`, for the transaction that is about to start. OSError if flash fails."""
    from profiles.smart_charging.calls import set_charging_profile
    set_charging_profile.start(smart, checked, number, transaction)


def transactions_changed(smart):
    """Limits follow the transactions."""
    if smart.has_profiles:
        smart.update()
