"""Files from and to servers over HTTP, HTTPS and FTP: files.py is the way in. All of it is loaded for a transfer and
unloaded after it; only this package stays, with the one class that callers catch."""


class TransferError(Exception):
    """A transfer has failed; its text names the step and what the peer said, and has no password in it.

    `reason`: "bad url", "name", "connection", "certificate", "refused" (by the status of an answer), "redirect",
    "silent", "truncated", "too large", "protocol" or "source" (the file to send is not as it says); `again`: whether
    the same may succeed later; `code`: of "refused", the status of HTTP or the code of FTP. Made by
    failure.failed()."""

    reason = ""
    again = True
    code = 0
