//! Whatever happens, in whatever order, and wherever runs die: nobody is lost and nobody wrongly
//! removed. `PROPTEST_CASES` sets how many sequences are tried.

mod check;
mod company;
mod op;
mod product;

use proptest::prelude::*;

use self::op::story;
use self::product::Product;

/// Few by default, as each is a whole test environment.
const STORIES: u32 = 24;

fn stories() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: asked.and_then(|it| it.parse().ok()).unwrap_or(STORIES),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(stories())]

    #[test]
    fn whatever_happens_nobody_is_lost_and_nobody_wrongly_removed(story in story()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut product = Product::open().await;
            for op in &story {
                product.happens(op).await;
            }
        });
    }
}
