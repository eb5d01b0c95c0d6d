"""After a restart: continues the jobs, and reports the outcome of an installation (1.6 5.19)."""

from micropython import const

from ocpp import log
from profiles.firmware import publish, schedule, step
from updates import installation

_STARTS = const(8)  # in one try; more are no accident


def restore(profile):
    """Continue the jobs that are on flash."""
    for kind in schedule.ACTIONS:
        record = profile.core.engine.store.load(kind)
        if not record:
            continue
        profile.jobs[kind] = record
        if record["url"] is None:
            continue  # its end has been reported
        log.info("%s: %s, %s", kind, schedule.shown(record), record["status"])
        if record["status"] in schedule.FINAL:
            publish.add(profile, kind, record)
        elif record["status"] in schedule.INSTALLING:
            outcome(profile)
        elif record["status"] != "Idle":
            publish.add(profile, kind, record)  # perhaps it was not sent yet
        if record["starts"] >= _STARTS:
            step.failed(profile, kind, record, "the charge point has restarted in it %d times" % record["starts"])
    schedule.note(profile)


def outcome(profile):
    """Check the outcome of the installation: called at the start, and when a version on trial is confirmed."""
    record, result = profile.jobs.get(schedule.UPDATE), installation.result(profile.root)
    if not record or record["status"] not in schedule.INSTALLING:
        return
    if result is None or result["version"] != record["head"]["version"]:
        return  # the restart came before the version was chosen: it is still due
    if result["outcome"] == "Installing":
        record["time"] = None  # on trial
        if record["status"] != "Installing":
            step.enter(profile, schedule.UPDATE, record, "Installing")  # as figure 13 of the white paper has it
        schedule.note(profile)
        return
    (log.error if result["reason"] else log.info)(
        "update: version %s: %s %s", result["version"], result["outcome"], result["reason"]
    )
    step.enter(profile, schedule.UPDATE, record, result["outcome"])
