"""x509/verify.py against NIST's PKITS, the path validation suite: all but revocation, policies and name constraints."""

import ssl
from importlib.resources import files

import pytest

CERTS = files("cryptography_vectors") / "x509" / "PKITS_data" / "certs"
NOW = 1795953600  # 29 November 2026
ROOT = "TrustAnchorRootCertificate"
GOOD = [
    "ValidCertificatePathTest1EE GoodCACert",
    "Validpre2000UTCnotBeforeDateTest3EE GoodCACert",
    "ValidGeneralizedTimenotBeforeDateTest4EE GoodCACert",
    "ValidGeneralizedTimenotAfterDateTest8EE GoodCACert",
    "ValidNameUIDsTest6EE UIDCACert",
    "ValidRFC3280MandatoryAttributeTypesTest7EE RFC3280MandatoryAttributeTypesCACert",
    "ValidRFC3280OptionalAttributeTypesTest8EE RFC3280OptionalAttributeTypesCACert",
    "ValidUTF8StringEncodedNamesTest9EE UTF8StringEncodedNamesCACert",
    "ValidNegativeSerialNumberTest14EE NegativeSerialNumberCACert",
    "ValidLongSerialNumberTest16EE LongSerialNumberCACert",
    "ValidLongSerialNumberTest17EE LongSerialNumberCACert",
    "ValidBasicSelfIssuedOldWithNewTest1EE BasicSelfIssuedNewKeyCACert BasicSelfIssuedNewKeyOldWithNewCACert",
    "ValidBasicSelfIssuedNewWithOldTest3EE BasicSelfIssuedOldKeyCACert BasicSelfIssuedOldKeyNewWithOldCACert",
    "ValidBasicSelfIssuedNewWithOldTest4EE BasicSelfIssuedOldKeyCACert BasicSelfIssuedOldKeyNewWithOldCACert",
    "ValidbasicConstraintsNotCriticalTest4EE basicConstraintsNotCriticalCACert",
    "ValidpathLenConstraintTest7EE pathLenConstraint0CACert",
    "ValidpathLenConstraintTest8EE pathLenConstraint0CACert",
    "ValidpathLenConstraintTest13EE pathLenConstraint6CACert pathLenConstraint6subCA4Cert"
    " pathLenConstraint6subsubCA41Cert pathLenConstraint6subsubsubCA41XCert",
    "ValidpathLenConstraintTest14EE pathLenConstraint6CACert pathLenConstraint6subCA4Cert"
    " pathLenConstraint6subsubCA41Cert pathLenConstraint6subsubsubCA41XCert",
    "ValidSelfIssuedpathLenConstraintTest15EE pathLenConstraint0CACert pathLenConstraint0SelfIssuedCACert",
    "ValidSelfIssuedpathLenConstraintTest17EE pathLenConstraint1CACert pathLenConstraint1SelfIssuedCACert"
    " pathLenConstraint1subCACert pathLenConstraint1SelfIssuedsubCACert",
    "ValidkeyUsageNotCriticalTest3EE keyUsageNotCriticalCACert",
    "ValidUnknownNotCriticalCertificateExtensionTest1EE",
]
# With the reason.
BAD = [
    "malformed InvalidCASignatureTest2EE BadSignedCACert",
    "signature InvalidEESignatureTest3EE GoodCACert",
    "dates InvalidCAnotBeforeDateTest1EE BadnotBeforeDateCACert",
    "dates InvalidEEnotBeforeDateTest2EE GoodCACert",
    "dates InvalidCAnotAfterDateTest5EE BadnotAfterDateCACert",
    "dates InvalidEEnotAfterDateTest6EE GoodCACert",
    "dates Invalidpre2000UTCEEnotAfterDateTest7EE GoodCACert",
    "issuer InvalidNameChainingTest1EE GoodCACert",
    "issuer InvalidNameChainingOrderTest2EE NameOrderingCACert",
    "malformed InvalidNegativeSerialNumberTest15EE NegativeSerialNumberCACert",
    "ca InvalidMissingbasicConstraintsTest1EE MissingbasicConstraintsCACert",
    "ca InvalidcAFalseTest2EE basicConstraintsCriticalcAFalseCACert",
    "ca InvalidcAFalseTest3EE basicConstraintsNotCriticalcAFalseCACert",
    "path InvalidpathLenConstraintTest5EE pathLenConstraint0CACert pathLenConstraint0subCACert",
    "path InvalidpathLenConstraintTest6EE pathLenConstraint0CACert pathLenConstraint0subCACert",
    "path InvalidpathLenConstraintTest9EE pathLenConstraint6CACert pathLenConstraint6subCA0Cert"
    " pathLenConstraint6subsubCA00Cert",
    "path InvalidpathLenConstraintTest10EE pathLenConstraint6CACert pathLenConstraint6subCA0Cert"
    " pathLenConstraint6subsubCA00Cert",
    "path InvalidpathLenConstraintTest11EE pathLenConstraint6CACert pathLenConstraint6subCA1Cert"
    " pathLenConstraint6subsubCA11Cert pathLenConstraint6subsubsubCA11XCert",
    "path InvalidpathLenConstraintTest12EE pathLenConstraint6CACert pathLenConstraint6subCA1Cert"
    " pathLenConstraint6subsubCA11Cert pathLenConstraint6subsubsubCA11XCert",
    "path InvalidSelfIssuedpathLenConstraintTest16EE pathLenConstraint0CACert pathLenConstraint0SelfIssuedCACert"
    " pathLenConstraint0subCA2Cert",
    "usage InvalidkeyUsageCriticalkeyCertSignFalseTest1EE keyUsageCriticalkeyCertSignFalseCACert",
    "usage InvalidkeyUsageNotCriticalkeyCertSignFalseTest2EE keyUsageNotCriticalkeyCertSignFalseCACert",
    "unsupported InvalidUnknownCriticalCertificateExtensionTest2EE",
]
# Good by RFC 5280, refused here: names that differ in bytes, DSA, constraints of names.
STRICTER = [
    "issuer ValidNameChainingWhitespaceTest3EE GoodCACert",
    "issuer ValidNameChainingWhitespaceTest4EE GoodCACert",
    "issuer ValidNameChainingCapitalizationTest5EE GoodCACert",
    "issuer ValidRolloverfromPrintableStringtoUTF8StringTest10EE RolloverfromPrintableStringtoUTF8StringCACert",
    "issuer ValidUTF8StringCaseInsensitiveMatchTest11EE UTF8StringCaseInsensitiveMatchCACert",
    "unsupported ValidDSASignaturesTest4EE DSACACert",
    "unsupported ValidDNnameConstraintsTest1EE nameConstraintsDN1CACert",
]


def pem(name):
    return ssl.DER_cert_to_PEM_cert((CERTS / (name + ".crt")).read_bytes())


def verdict(judge, names):
    """The CAs of `names` come in the order of the suite: the one below the root first."""
    end, *between = names
    return judge("chain", "".join(map(pem, [end, *between[::-1]])), pem(ROOT), NOW, None)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.split()[0])
def test_good_paths(judge, case):
    assert isinstance(verdict(judge, case.split()), str)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.split()[1])
def test_bad_paths(judge, case):
    reason, *names = case.split()
    assert verdict(judge, names)["reason"] == reason


@pytest.mark.parametrize("case", STRICTER, ids=lambda case: case.split()[1])
def test_paths_that_are_good_elsewhere(judge, case):
    reason, *names = case.split()
    assert verdict(judge, names)["reason"] == reason
