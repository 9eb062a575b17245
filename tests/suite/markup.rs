//! Pages as browsers read them: elements in elements, and what each says.

/// A page.
pub(crate) struct Markup(Vec<Node>);

/// An element, or words.
#[derive(Debug, Default)]
struct Node {
    /// Empty for words.
    name: String,
    attributes: Vec<(String, String)>,
    words: String,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// Elements that hold nothing.
const VOID: [&str; 6] = ["meta", "link", "input", "br", "hr", "img"];

impl Markup {
    /// Reads what templates write: every element is closed but those that hold nothing.
    pub(crate) fn read(page: &str) -> Self {
        let mut nodes = vec![Node::default()];
        let mut open = vec![0];
        let mut rest = page;
        while !rest.is_empty() {
            let words = rest.find('<').unwrap_or(rest.len());
            let here = open[open.len() - 1];
            if words > 0 {
                let words = shown(&rest[..words]);
                push(&mut nodes, here, Node { words, ..Node::default() });
            }
            rest = &rest[words..];
            let Some((tag, after)) = rest.split_once('>') else { break };
            rest = after;
            let tag = &tag[1..];
            if let Some(name) = tag.strip_prefix('/') {
                let last = open.pop().unwrap();
                assert_eq!(nodes[last].name, name, "closed where `{}` is open", nodes[last].name);
            } else if !tag.starts_with('!') {
                let (name, attributes) = opened(tag.trim_end_matches('/'));
                let is_void = tag.ends_with('/') || VOID.contains(&name.as_str());
                let at = push(&mut nodes, here, Node { name, attributes, ..Node::default() });
                if nodes[at].name == "script" {
                    let (words, after) = rest.split_once("</script>").unwrap();
                    words.clone_into(&mut nodes[at].words);
                    rest = after;
                } else if !is_void {
                    open.push(at);
                }
            }
        }
        assert_eq!(open.len(), 1, "`{}` is not closed", nodes[open[open.len() - 1]].name);
        Self(nodes)
    }

    /// The element with this id.
    pub(crate) fn with_id(&self, id: &str) -> Option<usize> {
        (0..self.0.len()).find(|&at| self.attribute(at, "id") == Some(id))
    }

    /// All elements in another, and itself, in their order.
    pub(crate) fn within(&self, at: usize) -> Vec<usize> {
        let mut found = vec![at];
        for &child in &self.0[at].children {
            found.extend(self.within(child));
        }
        found
    }

    /// All elements in another that have this name, and each of these classes.
    pub(crate) fn all(&self, at: usize, name: &str, classes: &[&str]) -> Vec<usize> {
        let is_meant = |at: &usize| {
            self.0[*at].name == name && classes.iter().all(|class| self.is_of(*at, class))
        };
        self.within(at).into_iter().filter(is_meant).collect()
    }

    pub(crate) fn name(&self, at: usize) -> &str {
        &self.0[at].name
    }

    pub(crate) fn attribute(&self, at: usize, name: &str) -> Option<&str> {
        let found = self.0[at].attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_of(&self, at: usize, class: &str) -> bool {
        self.attribute(at, "class").is_some_and(|all| all.split(' ').any(|it| it == class))
    }

    /// What an element is in, the nearest first; itself too.
    pub(crate) fn around(&self, at: usize) -> Vec<usize> {
        std::iter::successors(Some(at), |&at| self.0[at].parent).collect()
    }

    /// The words of an element alone, without those of what it holds.
    pub(crate) fn own_words(&self, at: usize) -> &str {
        &self.0[at].words
    }

    /// All that an element says.
    pub(crate) fn words(&self, at: usize) -> String {
        self.within(at).into_iter().map(|it| self.own_words(it)).collect()
    }

    /// Where the page itself is, without what stands around all pages.
    pub(crate) fn main(&self) -> usize {
        self.all(0, "main", &[])[0]
    }
}

fn push(nodes: &mut Vec<Node>, parent: usize, node: Node) -> usize {
    let at = nodes.len();
    nodes.push(Node { parent: Some(parent), ..node });
    nodes[parent].children.push(at);
    at
}

/// The name and the attributes of a tag.
fn opened(tag: &str) -> (String, Vec<(String, String)>) {
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').unwrap();
                rest = after;
                shown(value)
            }
            None => String::new(),
        };
        attributes.push((name, value));
    }
    (name.to_owned(), attributes)
}

/// Words without the signs that stand for others.
fn shown(text: &str) -> String {
    let mut parts = text.split('&');
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';').unwrap_or_else(|| panic!("`&{part}`"));
        all.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = entity.strip_prefix('#').and_then(|it| it.parse().ok());
                number.and_then(char::from_u32).unwrap_or_else(|| panic!("`&{entity};`"))
            }
        });
        all += rest;
    }
    all
}

#[test]
fn a_page_is_read_as_it_is_written() {
    let page = "<!doctype html>\n<main><p class=\"a b\" hidden>x &lt; <b>y</b>&#13;\n<br>z</p><script>1 < 2</script></main>";
    let page = Markup::read(page);
    let p = page.all(page.main(), "p", &["b"])[0];
    assert_eq!(page.words(p), "x < y\r\nz");
    assert_eq!((page.attribute(p, "hidden"), page.attribute(p, "id")), (Some(""), None));
    let b = page.all(0, "b", &[])[0];
    let around: Vec<&str> = page.around(b).into_iter().map(|at| page.name(at)).collect();
    assert_eq!(around, ["b", "p", "main", ""]);
}
