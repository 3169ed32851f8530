//! The routes of `infra/template.yaml`, which decide what function gets a request.

/// The HTTP API's routes: method, path and function.
#[derive(Debug)]
pub struct Gateway(Vec<(String, String, String)>);

impl Gateway {
    /// Reads the routes of the template.
    pub fn of_template() -> Self {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/template.yaml");
        let template = std::fs::read_to_string(file).unwrap();
        let mut routes = Vec::new();
        let mut lines = template.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if let Some(key) = line.strip_prefix("RouteKey: ") {
                let target = lines.next().unwrap();
                let target = target.strip_prefix("Target: !Sub integrations/${").unwrap();
                let function = target.strip_suffix("Integration}").unwrap();
                let (method, path) = key.split_once(' ').unwrap_or((key, "/{proxy+}"));
                routes.push((method.to_owned(), path.to_owned(), function.to_owned()));
            }
        }
        assert!(!routes.is_empty(), "the template has no routes");
        Self(routes)
    }

    /// Returns the function that gets a request: API Gateway takes the most specific route.
    pub fn function(&self, method: &str, path: &str) -> Option<&str> {
        self.0
            .iter()
            .filter(|(wanted, _, _)| [method, "ANY", "$default"].contains(&wanted.as_str()))
            .filter(|(_, pattern, _)| matches(pattern, path))
            .min_by_key(|(wanted, pattern, _)| {
                let default = wanted == "$default";
                let variables = pattern.matches('{').count();
                (default, pattern.contains("+}"), variables, wanted == "ANY")
            })
            .map(|(_, _, function)| function.as_str())
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    if let Some(before) = pattern.strip_suffix("{proxy+}") {
        return path.starts_with(before);
    }
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    pattern.clone().count() == path.clone().count()
        && pattern
            .zip(path)
            .all(|(wanted, actual)| wanted.starts_with('{') || wanted == actual)
}
