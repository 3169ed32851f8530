//! Accessibility checks by axe-core.

use serde_json::Value;

use crate::chrome::Chrome;
use crate::files::target;

/// Returns the findings of WCAG 2.2 A and AA and of best practice, each with its rule and elements.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })
        .then(found => done(found.violations
            .map(it => it.id + ': ' + it.help + ' '
                + it.nodes.map(node => node.html).join(' '))),
            error => done(['axe failed: ' + error]));
";

impl Chrome {
    /// Fails if axe finds anything.
    pub(crate) async fn check_accessibility(&self, name: &str) {
        let axe = target().join("axe/package/axe.min.js");
        let axe = std::fs::read_to_string(axe)
            .expect("axe-core is installed: `infra/tools/install.sh browser`");
        // WebDriver's scripts run beside the page's Content-Security-Policy, not under it. It is one script, as a page
        // that updates itself between two would have lost the first.
        let script = format!("{axe}\n{RUN}");
        let found = self.client.execute_async(&script, Vec::new()).await;
        let found = found.unwrap();
        let found = found.as_array().unwrap().iter();
        let found: Vec<&str> = found.filter_map(Value::as_str).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}
