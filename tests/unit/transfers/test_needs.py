# micropython only: memory.py, which transfers.files unloads itself with

from helpers import raises

from transfers import TransferError, files


def test_the_memory_of_esp_idf_that_a_transfer_takes():
    assert files.needs("http://host/x") == 6000
    assert files.needs("HTTPS://user:password@host/x") == 34000
    assert files.needs("ftp://host/x") == 8000
    assert raises(TransferError, files.needs, "sftp://host/x").reason == "bad url"
