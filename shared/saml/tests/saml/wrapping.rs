//! Signature wrapping: a genuine signed element is carried somewhere in the message, and a forged one stands where it
//! is read. XSW1 to XSW8 are those of Somorovsky et al., "On Breaking SAML" (2012); the others vary the carrier, the
//! ids and the names.

use testkit::saml::insert_signature;

use crate::sign_in::{PROVIDER, forged, message};

/// The pieces that an attacker has: one genuine sign-in, and everything that needs no key.
struct Pieces {
    /// The genuine assertion, signed.
    signed: String,
    /// The genuine assertion without its signature.
    bare: String,
    /// The signature of the genuine assertion.
    signature: String,
    /// The forged assertion, unsigned.
    forged: String,
    /// The genuine response with a signature over all of it.
    signed_response: String,
}

impl Pieces {
    fn stolen() -> Self {
        let message = message();
        let bare = message.assertion();
        let signed = PROVIDER.sign(&bare, "_assertion");
        let (from, to) = (
            signed.find("<ds:Signature ").unwrap(),
            signed.find("<saml:Subject>").unwrap(),
        );
        Self {
            signature: signed[from..to].to_owned(),
            signed_response: PROVIDER.sign(&message.response(&bare), "_response"),
            signed,
            bare,
            forged: forged().assertion(),
        }
    }

    /// The forged assertion with `signature` where a signature belongs.
    fn forged_with(&self, signature: &str) -> String {
        insert_signature(&self.forged, signature)
    }

    /// The genuine signature with `carried` in an object of it.
    fn signature_with(&self, carried: &str) -> String {
        self.signature
            .replace("</ds:Signature>", &format!("{carried}</ds:Signature>"))
    }
}

fn response(assertions: &str) -> String {
    message().response(assertions)
}

fn in_response(place: &str, carried: &str, assertions: &str) -> String {
    response(assertions).replacen(place, &format!("{carried}{place}"), 1)
}

fn inside(parent: &str, before: &str, carried: &str) -> String {
    assert!(parent.contains(before), "{before}");
    parent.replacen(before, &format!("{carried}{before}"), 1)
}

/// Returns every variant with its name.
pub(crate) fn variants() -> Vec<(&'static str, String)> {
    let pieces = Pieces::stolen();
    [
        of_responses(&pieces),
        of_assertions(&pieces),
        carried_elsewhere(&pieces),
        by_ids(&pieces),
        by_names(&pieces),
    ]
    .concat()
}

fn of_responses(pieces: &Pieces) -> Vec<(&'static str, String)> {
    let genuine = &pieces.signed_response;
    let (from, to) = (
        genuine.find("<ds:Signature ").unwrap(),
        genuine.find("<samlp:Status>").unwrap(),
    );
    let signature = &genuine[from..to];
    let bare = genuine.replace(signature, "");
    let forged = forged().response(&pieces.forged);
    let carrying = signature.replace(
        "</ds:Signature>",
        &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
    );
    vec![
        (
            "XSW1: response carried in its signature",
            insert_signature(
                &forged,
                &signature.replace("</ds:Signature>", &format!("{bare}</ds:Signature>")),
            ),
        ),
        (
            "XSW2: response beside its signature",
            insert_signature(&forged, &format!("{bare}{signature}")),
        ),
        (
            "response in an object of its signature",
            insert_signature(&forged, &carrying),
        ),
        (
            "signed response as a child of a forged one",
            forged.replace("</samlp:Response>", &format!("{genuine}</samlp:Response>")),
        ),
        (
            "signed response before the forged assertion",
            forged.replace("<saml:Assertion", &format!("{genuine}<saml:Assertion")),
        ),
        (
            "signed response in extensions",
            forged.replace(
                "<samlp:Status>",
                &format!("<samlp:Extensions>{genuine}</samlp:Extensions><samlp:Status>"),
            ),
        ),
        (
            "signed response in the status",
            forged.replace(
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{genuine}</samlp:StatusDetail></samlp:Status>"),
            ),
        ),
        (
            "forged response with the id of the signed one",
            insert_signature(&forged.replace("_forged_response", "_response"), signature),
        ),
        (
            "forged assertion added to a signed response",
            genuine.replace(
                "</samlp:Response>",
                &format!("{}</samlp:Response>", pieces.forged),
            ),
        ),
        (
            "forged assertion before that of a signed response",
            genuine.replace(
                "<saml:Assertion",
                &format!("{}<saml:Assertion", pieces.forged),
            ),
        ),
        (
            "forged assertion in the signature of a signed response",
            genuine.replace(
                "</ds:Signature>",
                &format!("<ds:Object>{}</ds:Object></ds:Signature>", pieces.forged),
            ),
        ),
        ("two documents", format!("{forged}{genuine}")),
    ]
}

fn of_assertions(pieces: &Pieces) -> Vec<(&'static str, String)> {
    let Pieces {
        signed,
        bare,
        signature,
        forged,
        ..
    } = pieces;
    let object = format!("<ds:Object>{bare}</ds:Object>");
    vec![
        (
            "XSW3: forged assertion before the signed one",
            response(&format!("{forged}{signed}")),
        ),
        (
            "forged assertion after the signed one",
            response(&format!("{signed}{forged}")),
        ),
        (
            "XSW4: signed assertion in the forged one",
            response(&inside(forged, "</saml:Assertion>", signed)),
        ),
        (
            "XSW5: signature moved to the forged assertion",
            response(&format!("{}{bare}", pieces.forged_with(signature))),
        ),
        (
            "signature moved, genuine assertion first",
            response(&format!("{bare}{}", pieces.forged_with(signature))),
        ),
        (
            "XSW6: genuine assertion in the moved signature",
            response(&pieces.forged_with(&pieces.signature_with(bare))),
        ),
        (
            "XSW7: forged assertion in extensions",
            in_response(
                "<samlp:Status>",
                &format!("<samlp:Extensions>{forged}</samlp:Extensions>"),
                signed,
            ),
        ),
        (
            "XSW8: genuine assertion in an object of the moved signature",
            response(&pieces.forged_with(&pieces.signature_with(&object))),
        ),
        (
            "forged assertion in an object of the signature",
            response(&signed.replace(
                "</ds:Signature>",
                &format!("<ds:Object>{forged}</ds:Object></ds:Signature>"),
            )),
        ),
        (
            "forged subject in an object of the signature",
            response(&signed.replace(
                "</ds:Signature>",
                &format!(
                    "<ds:Object>{}</ds:Object></ds:Signature>",
                    subject_of(forged)
                ),
            )),
        ),
        (
            "signature moved to the response",
            in_response("<samlp:Status>", signature, forged),
        ),
        (
            "signature moved to the response, genuine assertion kept",
            in_response("<samlp:Status>", signature, &format!("{forged}{bare}")),
        ),
        (
            "the same signature twice",
            response(&signed.replace(signature, &format!("{signature}{signature}"))),
        ),
        (
            "signature beside the assertions",
            response(&format!("{forged}{signature}{bare}")),
        ),
    ]
}

fn subject_of(assertion: &str) -> &str {
    let (from, to) = (
        assertion.find("<saml:Subject>").unwrap(),
        assertion.find("<saml:Conditions").unwrap(),
    );
    &assertion[from..to]
}

fn carried_elsewhere(pieces: &Pieces) -> Vec<(&'static str, String)> {
    let Pieces {
        signed,
        bare,
        signature,
        forged,
        ..
    } = pieces;
    let wrapped = |before: &str, open: &str, close: &str| {
        response(&inside(forged, before, &format!("{open}{signed}{close}")))
    };
    let attribute = "<saml:AttributeStatement><saml:Attribute Name=\"x\"><saml:AttributeValue>";
    let attribute_end = "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>";
    vec![
        (
            "signed assertion as advice",
            wrapped("<saml:AuthnStatement", "<saml:Advice>", "</saml:Advice>"),
        ),
        (
            "signed assertion in the confirmation",
            wrapped("</saml:SubjectConfirmationData>", "", ""),
        ),
        (
            "signed assertion in the subject",
            wrapped("</saml:Subject>", "", ""),
        ),
        (
            "signed assertion in an attribute",
            wrapped("</saml:Assertion>", attribute, attribute_end),
        ),
        (
            "signed assertion in the name",
            wrapped("</saml:NameID>", "", ""),
        ),
        (
            "signed assertion in an unknown element",
            in_response(
                "<samlp:Status>",
                &format!("<x:x xmlns:x=\"urn:x\">{signed}</x:x>"),
                forged,
            ),
        ),
        (
            "signed assertion in the status",
            in_response(
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{signed}</samlp:StatusDetail>"),
                forged,
            ),
        ),
        (
            "signed assertion in the issuer",
            response(forged).replacen("</saml:Issuer>", &format!("{signed}</saml:Issuer>"), 1),
        ),
        (
            "signed assertion in key info",
            response(
                &pieces.forged_with(
                    &pieces.signature_with(&format!("<ds:KeyInfo>{bare}</ds:KeyInfo>")),
                ),
            ),
        ),
        (
            "forged assertion in an unknown element, signed one behind",
            response(&format!("<x:x xmlns:x=\"urn:x\">{forged}</x:x>{signed}")),
        ),
        (
            "signature in the subject",
            response(&format!(
                "{}{bare}",
                inside(forged, "<saml:NameID", signature)
            )),
        ),
    ]
}

fn by_ids(pieces: &Pieces) -> Vec<(&'static str, String)> {
    let Pieces {
        signed,
        bare,
        signature,
        forged,
        ..
    } = pieces;
    let same_id = forged.replace("\"_forged\"", "\"_assertion\"");
    let forged_with_same_id = insert_signature(&same_id, signature);
    let other_id = |name: &str| {
        pieces.forged_with(signature).replacen(
            " ID=\"_forged\"",
            &format!(" ID=\"_forged\" {name}=\"_assertion\""),
            1,
        )
    };
    let no_id = |name: &str| {
        insert_signature(
            &forged.replacen("ID=\"_forged\"", &format!("{name}=\"_assertion\""), 1),
            signature,
        )
    };
    vec![
        (
            "forged assertion with the genuine id",
            response(&forged_with_same_id),
        ),
        (
            "the genuine id twice, forged first",
            response(&format!("{same_id}{signed}")),
        ),
        (
            "the genuine id twice, signed first",
            response(&format!("{signed}{same_id}")),
        ),
        (
            "the genuine id twice, in the moved signature",
            response(&insert_signature(
                &same_id,
                &pieces.signature_with(&format!("<ds:Object>{bare}</ds:Object>")),
            )),
        ),
        (
            "the genuine id as xml:id",
            response(&format!("{}{bare}", other_id("xml:id"))),
        ),
        ("the genuine id as Id", response(&other_id("Id"))),
        ("the genuine id as id", response(&no_id("id"))),
        (
            "the genuine id as AssertionID",
            response(&no_id("AssertionID")),
        ),
        (
            "the genuine id with a prefix",
            response(&other_id("xmlns:x=\"urn:x\" x:ID")),
        ),
        (
            "the genuine id on an empty element",
            response(&format!(
                "<x:x xmlns:x=\"urn:x\" ID=\"_assertion\"></x:x>{}",
                pieces.forged_with(signature)
            )),
        ),
        (
            "no id at all",
            response(&insert_signature(
                &forged.replacen(" ID=\"_forged\"", "", 1),
                signature,
            )),
        ),
    ]
}

fn by_names(pieces: &Pieces) -> Vec<(&'static str, String)> {
    let Pieces {
        signed,
        signature,
        forged,
        ..
    } = pieces;
    let foreign = |uri: &str| forged.replace("urn:oasis:names:tc:SAML:2.0:assertion", uri);
    vec![
        (
            "forged assertion of SAML 1.1 beside the signed one",
            response(&format!(
                "{}{signed}",
                foreign("urn:oasis:names:tc:SAML:1.0:assertion")
            )),
        ),
        (
            "forged assertion in no namespace",
            response(&format!(
                "{}{signed}",
                forged.replace("saml:", "").replace("xmlns:saml", "data")
            )),
        ),
        (
            "forged assertion under another prefix",
            response(&format!(
                "{}{signed}",
                forged
                    .replace("saml:", "s:")
                    .replace("xmlns:saml=", "xmlns:s=")
            )),
        ),
        (
            "the prefix of the signed assertion means something else",
            response(&signed.replace("urn:oasis:names:tc:SAML:2.0:assertion", "urn:x")),
        ),
        (
            "the signature is of another namespace",
            response(&signed.replace("xmldsig#\"", "xmldsig2#\"")),
        ),
        (
            "the forged assertion is the root",
            pieces.forged_with(signature),
        ),
        ("the signed assertion is the root", signed.clone()),
    ]
}
