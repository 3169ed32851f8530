//! XML from outside, parsed without a DTD.

use uppsala::{Document, NodeId, NodeKind, Parser};

/// Deeper nesting is no message of ours: a response has about ten levels.
const MAX_DEPTH: u32 = 64;

/// Why bytes are not XML that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Not well-formed XML in UTF-8.
    Malformed,
    /// A document type declaration, which could define entities.
    Doctype,
}

/// Parses `bytes`. A DTD is refused before the parser sees it, and by the parser too.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::Malformed)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(Unreadable::Doctype);
    }
    Ok(text)
}

/// Parses text that [`text_of`] returned.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Unreadable> {
    Parser::new()
        .with_max_depth(MAX_DEPTH)
        .with_forbid_dtd(true)
        .parse(text)
        .map_err(|_| Unreadable::Malformed)
}

/// An element of a document.
#[derive(Clone, Copy)]
pub(crate) struct Element<'d> {
    document: &'d Document<'d>,
    node: NodeId,
}

impl<'d> Element<'d> {
    /// Returns the root of `document`.
    pub(crate) fn root(document: &'d Document<'d>) -> Option<Self> {
        let node = document.document_element()?;
        Some(Self { document, node })
    }

    /// Returns what the element is called in its document.
    pub(crate) fn node(self) -> NodeId {
        self.node
    }

    /// Returns whether this is the element `name` of `namespace`.
    pub(crate) fn is(self, namespace: &str, name: &str) -> bool {
        self.document
            .element(self.node)
            .is_some_and(|element| element.matches_name_ns(namespace, name))
    }

    /// Returns the child elements.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let document = self.document;
        document
            .children_iter(self.node)
            .filter(|node| document.element(*node).is_some())
            .map(move |node| Self { document, node })
    }

    /// Returns the children called `name` in `namespace`.
    pub(crate) fn children_named(
        self,
        namespace: &'d str,
        name: &'d str,
    ) -> impl Iterator<Item = Self> {
        self.children()
            .filter(move |child| child.is(namespace, name))
    }

    /// Returns the child called `name`, if there is exactly one.
    pub(crate) fn only_child(self, namespace: &'d str, name: &'d str) -> Option<Self> {
        let mut children = self.children_named(namespace, name);
        let child = children.next()?;
        children.next().is_none().then_some(child)
    }

    /// Returns the element and all elements in it.
    pub(crate) fn with_descendants(self) -> impl Iterator<Item = Self> {
        let document = self.document;
        std::iter::once(self.node)
            .chain(document.descendants(self.node))
            .filter(|node| document.element(*node).is_some())
            .map(move |node| Self { document, node })
    }

    /// Returns the local name.
    pub(crate) fn local_name(self) -> &'d str {
        self.document
            .element(self.node)
            .map_or("", |element| &element.name.local_name)
    }

    /// Returns the attribute `name` that is in no namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'d str> {
        let element = self.document.element(self.node)?;
        element
            .attributes
            .iter()
            .find(|attribute| attribute.name.matches(None, name))
            .map(|attribute| attribute.value.as_ref())
    }

    /// Returns whether an attribute is in a namespace.
    pub(crate) fn has_prefixed_attribute(self) -> bool {
        self.document.element(self.node).is_some_and(|element| {
            element
                .attributes
                .iter()
                .any(|attribute| attribute.name.namespace_uri.is_some())
        })
    }

    /// Returns the text of an element without child elements, without the blanks around it.
    pub(crate) fn text(self) -> Option<String> {
        let mut text = String::new();
        for node in self.document.children_iter(self.node) {
            match self.document.node_kind(node)? {
                NodeKind::Text(part) | NodeKind::CData(part) => text.push_str(part),
                NodeKind::Comment(_) => {}
                _ => return None,
            }
        }
        Some(text.trim().to_owned())
    }
}

/// Returns whether `document` has a comment or a processing instruction anywhere. Canonicalisation drops the former, so
/// that `admin@a.example<!---->.b.example` has the signature of another text.
pub(crate) fn has_comment_or_instruction(document: &Document<'_>) -> bool {
    document
        .descendants(document.root())
        .into_iter()
        .any(|node| {
            matches!(
                document.node_kind(node),
                Some(NodeKind::Comment(_) | NodeKind::ProcessingInstruction(_))
            )
        })
}
