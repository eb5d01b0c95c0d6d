"""The security extensions: "Improved security for OCPP 1.6-J", edition 3.

1.6 9.1.29 lists all names that SupportedFeatureProfiles may hold, and the white paper adds none. So a central system is
not shown this one; the owner may name it to switch it on, as the others.
"""

from profiles import Profile


class Security(Profile):
    name = "Security"
    folder = "security"
    listed = False
    keys = ("profiles.security.configuration",)
