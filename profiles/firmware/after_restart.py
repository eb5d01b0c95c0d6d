"""After a restart: continues the jobs, and reports the outcome of an installation (1.6 5.19)."""

from micropython import const

from ocpp import log
from profiles.firmware import status_sending, jobs, phases
from updates import installation

_STARTS = const(8)  # in one try; more are no accident


def restore(profile):
    """Continue the jobs that are on flash."""
    for kind in jobs.ACTIONS:
        record = profile.core.engine.store.load(kind)
        if not record:
            continue
        profile.jobs[kind] = record
        if record["url"] is None:
            continue  # its end has been reported
        log.info("%s: %s, %s", kind, jobs.shown(record), record["status"])
        if record["status"] in jobs.FINAL:
            status_sending.add(profile, kind, record)
        elif record["status"] in jobs.INSTALLING:
            outcome(profile)
        elif record["status"] != "Idle":
            status_sending.add(profile, kind, record)  # perhaps it was not sent yet
        if record["starts"] >= _STARTS:
            phases.failed(profile, kind, record, "the charge point has restarted in it %d times" % record["starts"])
    jobs.note(profile)


def outcome(profile):
    """Check the outcome of the installation: called at the start, and when a version on trial is confirmed."""
    record, result = profile.jobs.get(jobs.UPDATE), installation.result(profile.root)
    if not record or record["status"] not in jobs.INSTALLING:
        return
    if result is None or result["version"] != record["head"]["version"]:
        return  # the restart came before the version was chosen: it is still due
    if result["outcome"] == "Installing":
        record["time"] = None  # on trial
        if record["status"] != "Installing":
            phases.enter(profile, jobs.UPDATE, record, "Installing")  # as figure 13 of the white paper has it
        jobs.note(profile)
        return
    (log.error if result["reason"] else log.info)(
        "update: version %s: %s %s", result["version"], result["outcome"], result["reason"]
    )
    phases.enter(profile, jobs.UPDATE, record, result["outcome"])
