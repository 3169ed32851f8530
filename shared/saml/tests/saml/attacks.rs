//! What an attacker may try who has one genuine sign-in and no key of the provider. Each attack is refused by the check
//! that is there for it.

use saml::Refusal;
use testkit::saml::{ENVELOPED, EXCLUSIVE, SignatureForm, insert_signature, transform};

use crate::sign_in::{OTHER_PROVIDER, PROVIDER, forged, message, now, read, read_at};
use crate::wrapping;

type Attack = (&'static str, Vec<u8>, Refusal);

fn attack(name: &'static str, response: impl Into<Vec<u8>>, refusal: Refusal) -> Attack {
    (name, response.into(), refusal)
}

#[test]
fn no_attack_lets_anybody_in() {
    let wrapping = wrapping::variants();
    assert!(wrapping.len() >= 50, "{}", wrapping.len());
    let mut let_in = Vec::new();
    for (name, response) in &wrapping {
        if let Ok(claims) = read(response) {
            let_in.push(format!("{name}: {claims:?}"));
        }
    }
    let others = [
        by_text(),
        by_keys(),
        by_forms(),
        by_transforms(),
        by_documents(),
    ]
    .concat();
    for (name, response, refusal) in &others {
        match read_at(response, now()) {
            Ok(claims) => let_in.push(format!("{name}: {claims:?}")),
            Err(found) => assert_eq!(found, *refusal, "{name}"),
        }
    }
    println!(
        "saml attacks: {}, let in: {}",
        wrapping.len() + others.len(),
        let_in.len()
    );
    assert!(let_in.is_empty(), "{let_in:#?}");
}

/// Text that a signature does not see, or that means two things.
fn by_text() -> Vec<Attack> {
    let genuine = message().signed_by(&PROVIDER);
    let name = "takahashi@aozora.example";
    let with_name = |name: &str| {
        let mut message = message();
        message.name_id = name.into();
        message.signed_by(&PROVIDER)
    };
    let long = with_name("admin@aozora.example.evil.example");
    vec![
        attack(
            "comment in NameID",
            long.replace("example.evil", "example<!-- -->.evil"),
            Refusal::Comment,
        ),
        attack(
            "empty comment in NameID",
            long.replace("example.evil", "example<!---->.evil"),
            Refusal::Comment,
        ),
        attack(
            "instruction in NameID",
            long.replace("example.evil", "example<?x y?>.evil"),
            Refusal::Comment,
        ),
        attack(
            "comment in the audience",
            genuine.replace("sso/saml<", "sso/saml<!---->x<"),
            Refusal::Comment,
        ),
        attack(
            "comment in the digest",
            genuine.replace("<ds:DigestValue>", "<ds:DigestValue><!--x-->"),
            Refusal::Comment,
        ),
        attack(
            "element in NameID",
            genuine.replace(name, &format!("<b>admin@aozora.example</b>{name}")),
            Refusal::Signature,
        ),
        attack(
            "entity in NameID",
            genuine.replace(name, "&admin;"),
            Refusal::NotXml,
        ),
        attack(
            "name changed",
            genuine.replace(name, "admin@aozora.example"),
            Refusal::Signature,
        ),
        attack(
            "blank added",
            genuine.replace(name, &format!("{name} ")),
            Refusal::Signature,
        ),
        attack(
            "time changed",
            genuine.replace("09:05:00Z", "23:05:00Z"),
            Refusal::Signature,
        ),
        attack(
            "status changed back",
            message().response("").replace(":Success", ":Requester"),
            Refusal::NotSignedIn,
        ),
    ]
}

/// Keys that are not the provider's.
fn by_keys() -> Vec<Attack> {
    let (forged, id) = (forged().assertion(), "_forged");
    let certificate = OTHER_PROVIDER.certificate();
    let x509 = format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    );
    let reference = r##"<ds:KeyInfo><dsig11:KeyInfoReference xmlns:dsig11="http://www.w3.org/2009/xmldsig11#" URI="#key"></dsig11:KeyInfoReference></ds:KeyInfo>"##;
    let retrieval = r#"<ds:KeyInfo><ds:RetrievalMethod Type="http://www.w3.org/2000/09/xmldsig#rawX509Certificate" URI="https://evil.example/key"></ds:RetrievalMethod></ds:KeyInfo>"#;
    let by_other = |after_value: &str| {
        let form = SignatureForm {
            after_value: after_value.into(),
            ..SignatureForm::default()
        };
        let signature = OTHER_PROVIDER.signature(&[(id, &forged)], &form);
        message().response(&insert_signature(&forged, &signature))
    };
    let signed = message().signed_by(&PROVIDER);
    let (from, to) = (
        signed.find("<ds:SignatureValue>").unwrap() + 19,
        signed.find("</ds:SignatureValue>").unwrap(),
    );
    let mut no_value = signed.clone();
    no_value.replace_range(from..to, "");
    let hmac = PROVIDER.signature_by_public_key(id, &forged);
    let none = hmac.replace("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "none");
    vec![
        attack("unsigned", message().response(&forged), Refusal::Unsigned),
        attack(
            "signed by another provider",
            by_other(""),
            Refusal::Signature,
        ),
        attack(
            "attacker's certificate in key info",
            by_other(&x509),
            Refusal::Signature,
        ),
        attack(
            "reference to a key",
            by_other(reference),
            Refusal::Signature,
        ),
        attack("key to be fetched", by_other(retrieval), Refusal::Signature),
        attack("empty signature value", no_value, Refusal::Signature),
        attack(
            "HMAC with the public key",
            message().response(&insert_signature(&forged, &hmac)),
            Refusal::SignatureForm,
        ),
        attack(
            "algorithm none",
            message().response(&insert_signature(&forged, &none)),
            Refusal::SignatureForm,
        ),
        attack(
            "response signed by another provider around a signed assertion",
            OTHER_PROVIDER.sign(&signed, "_response"),
            Refusal::Signature,
        ),
    ]
}

/// Signatures by the right key in forms that would cover less than they seem to.
fn by_forms() -> Vec<Attack> {
    let form = SignatureForm::default;
    let dsig = "http://www.w3.org/2000/09/xmldsig#";
    let sha1 = format!("{dsig}sha1");
    let rsa_sha1 = format!("{dsig}rsa-sha1");
    let changed = |change: &dyn Fn(&mut SignatureForm<'_>)| {
        let mut changed = form();
        change(&mut changed);
        signed_over(&["_assertion"], &changed)
    };
    let by_sha1 = SignatureForm {
        digest: &sha1,
        ..form()
    };
    let signed_by_sha1 = SignatureForm {
        method: &rsa_sha1,
        ..form()
    };
    let prefixed = signed_over(&["_assertion"], &form()).replacen(
        "<ds:SignatureMethod ",
        "<ds:SignatureMethod xmlns:x=\"urn:x\" x:Algorithm=\"none\" ",
        1,
    );
    let unusual = [
        (
            "digest by MD5",
            changed(&|form| {
                form.digest = "http://www.w3.org/2001/04/xmldsig-more#md5";
            }),
        ),
        (
            "inclusive canonicalisation",
            changed(&|form| {
                form.canonicalisation = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
            }),
        ),
        (
            "canonicalisation with comments",
            changed(&|form| {
                form.canonicalisation = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
            }),
        ),
        (
            "object in the signature",
            changed(&|form| {
                form.after_value = "<ds:Object><ds:Manifest></ds:Manifest></ds:Object>".into();
            }),
        ),
        ("reference to the document", signed_over(&[""], &form())),
        (
            "reference by xpointer",
            signed_over(&["#xpointer(id('_assertion'))"], &form()),
        ),
        (
            "reference to the root by xpointer",
            signed_over(&["#xpointer(/)"], &form()),
        ),
        (
            "reference to a file",
            signed_over(&["file:///etc/passwd"], &form()),
        ),
        (
            "reference to an address",
            signed_over(&["https://evil.example/"], &form()),
        ),
        (
            "reference to an attachment",
            signed_over(&["cid:1"], &form()),
        ),
        (
            "reference to another element",
            signed_over(&["_response"], &form()),
        ),
        (
            "two references",
            signed_over(&["_assertion", "_response"], &form()),
        ),
        ("no reference", signed_over(&[], &form())),
        ("algorithm under a prefix", prefixed),
    ];
    let mut attacks = vec![
        attack(
            "digest by SHA-1",
            signed_over(&["_assertion"], &by_sha1),
            Refusal::Sha1,
        ),
        attack(
            "signature by SHA-1",
            signed_over(&["_assertion"], &signed_by_sha1),
            Refusal::Sha1,
        ),
    ];
    attacks.extend(unusual.map(|(name, response)| attack(name, response, Refusal::SignatureForm)));
    attacks
}

/// Returns the genuine message with a signature by the right key in `form`, with a reference to each of `ids`.
fn signed_over(ids: &[&str], form: &SignatureForm<'_>) -> String {
    let assertion = message().assertion();
    let elements: Vec<_> = ids.iter().map(|id| (*id, assertion.as_str())).collect();
    let signature = PROVIDER.signature(&elements, form);
    message().response(&insert_signature(&assertion, &signature))
}

/// Transforms that take away what is not to be seen, signed by the right key.
fn by_transforms() -> Vec<Attack> {
    let signed = |transforms: String| {
        let form = SignatureForm {
            transforms,
            ..SignatureForm::default()
        };
        signed_over(&["_assertion"], &form)
    };
    let usual = [ENVELOPED, EXCLUSIVE].map(transform).concat();
    let xpath = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::saml:Subject)</ds:XPath></ds:Transform>"#;
    let xslt = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"><xsl:template match="/"><xsl:value-of select="document('file:///etc/passwd')"></xsl:value-of></xsl:template></xsl:stylesheet></ds:Transform>"#;
    [
        ("XPath transform", format!("{xpath}{usual}")),
        (
            "XPath transform in place of canonicalisation",
            format!("{}{xpath}", transform(ENVELOPED)),
        ),
        (
            "XPath filter 2",
            transform("http://www.w3.org/2002/06/xmldsig-filter2"),
        ),
        ("XSLT transform", format!("{xslt}{usual}")),
        (
            "base64 transform",
            transform("http://www.w3.org/2000/09/xmldsig#base64"),
        ),
        ("no transform", String::new()),
        ("only enveloped", transform(ENVELOPED)),
        ("only canonicalisation", transform(EXCLUSIVE)),
        (
            "transforms in the other order",
            [EXCLUSIVE, ENVELOPED].map(transform).concat(),
        ),
        (
            "a transform twice",
            [ENVELOPED, EXCLUSIVE, EXCLUSIVE].map(transform).concat(),
        ),
        (
            "canonicalisation with comments as a transform",
            [
                ENVELOPED,
                "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
            ]
            .map(transform)
            .concat(),
        ),
        (
            "a transform of another namespace",
            usual
                .replacen("<ds:Transform ", "<x:Transform xmlns:x=\"urn:x\" ", 1)
                .replacen("</ds:Transform>", "</x:Transform>", 1),
        ),
    ]
    .into_iter()
    .map(|(name, transforms)| attack(name, signed(transforms), Refusal::SignatureForm))
    .collect()
}

/// Documents that harm the reader.
fn by_documents() -> Vec<Attack> {
    let genuine = message().signed_by(&PROVIDER);
    let bomb = r#"<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"#;
    let file = r#"<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>"#;
    let with_name = |name: &str| genuine.replace("takahashi@aozora.example", name);
    let deep = format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000));
    let utf16: Vec<u8> = genuine.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut not_utf8 = genuine.clone().into_bytes();
    not_utf8.insert(40, 0xff);
    let large = genuine.replace(
        "<samlp:Status>",
        &format!(
            "<samlp:Extensions>{}</samlp:Extensions><samlp:Status>",
            "x".repeat(200_000)
        ),
    );
    vec![
        attack(
            "entity bomb",
            format!("{bomb}{}", with_name("&c;")),
            Refusal::Doctype,
        ),
        attack(
            "entity of a file",
            format!("{file}{}", with_name("&a;")),
            Refusal::Doctype,
        ),
        attack(
            "DTD with a default attribute",
            format!("<!DOCTYPE r [<!ATTLIST r ID ID 'x'>]>{genuine}"),
            Refusal::Doctype,
        ),
        attack(
            "DTD of another place",
            format!("<!DOCTYPE r SYSTEM \"https://evil.example/x.dtd\">{genuine}"),
            Refusal::Doctype,
        ),
        attack(
            "instruction before the root",
            format!("<?xml-stylesheet href=\"x\"?>{genuine}"),
            Refusal::Comment,
        ),
        attack("5,000 levels", deep.clone(), Refusal::NotXml),
        attack(
            "5,000 levels in extensions",
            genuine.replace(
                "<samlp:Status>",
                &format!("<samlp:Extensions>{deep}</samlp:Extensions><samlp:Status>"),
            ),
            Refusal::NotXml,
        ),
        attack("UTF-16", utf16, Refusal::NotXml),
        attack("bytes that are not UTF-8", not_utf8, Refusal::NotXml),
        attack("256 KiB", large, Refusal::TooLarge),
        attack(
            "half of a message",
            genuine[..genuine.len() / 2].to_owned(),
            Refusal::NotXml,
        ),
        attack("nothing", "", Refusal::NotXml),
        attack(
            "a sign-out in place of a response",
            genuine.replace("samlp:Response", "samlp:LogoutResponse"),
            Refusal::NotAResponse,
        ),
        attack(
            "a response of SAML 1.1",
            genuine.replace("SAML:2.0:protocol", "SAML:1.0:protocol"),
            Refusal::NotAResponse,
        ),
        attack(
            "an attribute twice",
            genuine.replacen("ID=\"_response\"", "ID=\"_response\" ID=\"_x\"", 1),
            Refusal::NotXml,
        ),
    ]
}
