//! axe-core, which finds what people with disabilities could not use.

use serde_json::Value;

use crate::chrome::Chrome;
use crate::files::target;

/// Gives the serious findings, each with its rule and the elements. Colours, names, roles, order: WCAG
/// 2.2 A and AA.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })
        .then(found => done(found.violations
            .filter(it => it.impact === 'serious' || it.impact === 'critical')
            .map(it => it.id + ': ' + it.help + ' '
                + it.nodes.map(node => node.html).join(' '))),
            error => done(['axe failed: ' + error]));
";

impl Chrome {
    /// Fails on what axe calls serious or critical.
    pub(crate) async fn check_accessibility(&self, name: &str) {
        let axe = target().join("axe/package/axe.min.js");
        let axe = std::fs::read_to_string(axe)
            .expect("axe-core is there: `infra/tools/install.sh browser`");
        // WebDriver's scripts run beside the page's Content-Security-Policy, not under it.
        self.client.execute(&axe, Vec::new()).await.unwrap();
        let found = self.client.execute_async(RUN, Vec::new()).await.unwrap();
        let found: Vec<&str> = found
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}
