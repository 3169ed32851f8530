//! Every target: replayed and mutated by `cargo test`; under `infra/tools/fuzz.sh` libFuzzer takes over.

use bolero::check;
use fuzz::short_run;

macro_rules! target {
    ($name:ident, $mutations:literal) => {
        #[test]
        fn $name() {
            short_run(stringify!($name), $mutations, fuzz::$name);
            check!()
                .with_iterations(100)
                .for_each(|input: &[u8]| fuzz::$name(input));
        }
    };
}

target!(crews, 3_000);
target!(crew_record, 1_000);
target!(callback, 200);
target!(api, 600);
target!(csv_cells, 3_000);
target!(mails, 500);
target!(email_address, 10_000);
target!(employee_code, 10_000);
target!(headers, 10_000);
target!(passkeys, 1_000);
target!(saml, 1_000);
target!(saml_metadata, 1_000);
target!(reports, 300);
