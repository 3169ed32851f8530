//! The one shape of a response that is read. Everything that signature wrapping needs (a second assertion or response,
//! a signature anywhere else) is refused here, wherever in the document it stands.

use crate::Refusal;
use crate::namespaces::{ASSERTION, PROTOCOL, SIGNATURE, SUCCESS};
use crate::xml::Element;

/// A response with one assertion.
#[derive(Clone, Copy)]
pub(crate) struct Response<'d> {
    pub(crate) response: Element<'d>,
    pub(crate) assertion: Element<'d>,
}

impl<'d> Response<'d> {
    /// Takes `root` for a response with one assertion and signatures of these two only.
    pub(crate) fn of(root: Element<'d>) -> Result<Self, Refusal> {
        if !root.is(PROTOCOL, "Response") {
            return Err(Refusal::NotAResponse);
        }
        check_status(root)?;
        let mut assertions = 0;
        for element in root.with_descendants().skip(1) {
            match element.local_name() {
                "EncryptedAssertion" | "EncryptedID" | "EncryptedAttribute" | "EncryptedData" => {
                    return Err(Refusal::Encrypted);
                }
                "Assertion" => assertions += 1,
                "Response" => return Err(Refusal::SeveralAssertions),
                _ => {}
            }
        }
        if assertions > 1 {
            return Err(Refusal::SeveralAssertions);
        }
        let assertion = root
            .only_child(ASSERTION, "Assertion")
            .ok_or(Refusal::NoAssertion)?;
        let whole = Self {
            response: root,
            assertion,
        };
        whole.check_versions()?;
        whole.check_places_of_signatures()?;
        Ok(whole)
    }

    fn check_versions(self) -> Result<(), Refusal> {
        let both = [self.response, self.assertion];
        if both
            .iter()
            .all(|element| element.attribute("Version") == Some("2.0"))
        {
            Ok(())
        } else {
            Err(Refusal::Incomplete)
        }
    }

    /// At most one signature in the response and one in the assertion, as children.
    fn check_places_of_signatures(self) -> Result<(), Refusal> {
        let here = |element: Element<'d>| element.children_named(SIGNATURE, "Signature").count();
        let anywhere = self
            .response
            .with_descendants()
            .filter(|element| element.local_name() == "Signature")
            .count();
        let (in_response, in_assertion) = (here(self.response), here(self.assertion));
        if anywhere == 0 {
            return Err(Refusal::Unsigned);
        }
        if in_response > 1 || in_assertion > 1 || in_response + in_assertion != anywhere {
            return Err(Refusal::SignatureForm);
        }
        Ok(())
    }
}

fn check_status(response: Element<'_>) -> Result<(), Refusal> {
    let code = response
        .only_child(PROTOCOL, "Status")
        .and_then(|status| status.only_child(PROTOCOL, "StatusCode"))
        .and_then(|code| code.attribute("Value"))
        .ok_or(Refusal::Incomplete)?;
    if code == SUCCESS {
        Ok(())
    } else {
        Err(Refusal::NotSignedIn)
    }
}
