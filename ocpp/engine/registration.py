"""Whether the central system has accepted the charge point: the status of BootNotification.conf (1.6 4.2)."""

ACCEPTED, PENDING, REJECTED = "Accepted", "Pending", "Rejected"
