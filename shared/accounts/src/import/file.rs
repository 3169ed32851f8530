//! The lines of an uploaded file: a header that names the columns in any order, and a line for each person.

use csv::{ReaderBuilder, StringRecord};
use domain::text::{folded, search_key, visible, visible_name};

use super::text::{LARGEST_FILE, text_of};
use super::{FileError, MOST_IMPORTED};

/// The length, in characters, at which a column's name is cut in an answer.
const LONGEST_NAME: usize = 30;

/// Defines the columns with their names in the header.
macro_rules! columns {
    ($($name:ident => [$first:literal $(, $other:literal)*],)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Column {
            $($name,)*
        }

        impl Column {
            /// Returns the column that a cell of the header names.
            fn named(cell: &str) -> Option<Self> {
                let key = search_key(cell);
                $(if [$first $(, $other)*].iter().any(|name| search_key(name) == key) {
                    return Some(Self::$name);
                })*
                None
            }
        }
    };
}

columns! {
    Email => ["メールアドレス"],
    Code => ["社員番号", "従業員コード"],
    Name => ["氏名"],
    Role => ["役割"],
    Groups => ["グループ"],
}

/// The header of the file that people fill in.
pub const TEMPLATE_HEADER: [&str; 5] = ["メールアドレス", "社員番号", "氏名", "役割", "グループ"];

/// A line of a file, as somebody filled it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileLine {
    /// Its number in the file, from 1; the header has one too.
    pub(super) number: u32,
    /// メールアドレス in half-width letters.
    pub(super) email: Option<String>,
    /// 社員番号 in half-width letters.
    pub(super) employee_code: Option<String>,
    /// 氏名
    pub(super) name: String,
    /// 役割
    pub(super) role: String,
    /// グループ
    pub(super) groups: String,
    /// What keeps its cells from being read.
    pub(super) fault: Option<LineFault>,
}

/// What keeps the cells of a line from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineFault {
    /// A cell has several lines; often a quote that nobody closed.
    LineBreak,
    /// There are more cells than columns.
    TooManyCells,
}

/// Returns the lines of a file that say something.
///
/// # Errors
/// Why the file as a whole cannot be read.
pub(super) fn lines_of(file: &[u8]) -> Result<Vec<FileLine>, FileError> {
    let text = text_of(file)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = loop {
        match records.next() {
            Some(Ok(record)) if is_blank(&record) => {}
            Some(Ok(record)) => break record,
            _ => return Err(FileError::NoHeader),
        }
    };
    let columns = columns_of(&header)?;
    let mut numbers = LineNumbers::of(&text);
    let mut lines = Vec::new();
    for record in records {
        let record = record.map_err(|_| FileError::UnknownEncoding)?;
        if is_blank(&record) {
            continue;
        }
        let position = record.position().map_or(0, csv::Position::byte);
        lines.push(line_of(&record, &columns, numbers.at(position)));
    }
    match lines.len() {
        0 => Err(FileError::NoLines),
        lines if lines > MOST_IMPORTED => Err(FileError::TooManyLines(lines)),
        _ => Ok(lines),
    }
}

fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(|cell| visible(cell).is_none())
}

/// Returns the column of each cell; `None` for one without a name.
fn columns_of(header: &StringRecord) -> Result<Vec<Option<Column>>, FileError> {
    let mut columns = Vec::new();
    for cell in header {
        let Some(name) = visible_name(cell) else {
            columns.push(None);
            continue;
        };
        let shown = || name.chars().take(LONGEST_NAME).collect::<String>();
        let column = Column::named(&name).ok_or_else(|| FileError::UnknownColumn(shown()))?;
        if columns.contains(&Some(column)) {
            return Err(FileError::RepeatedColumn(shown()));
        }
        columns.push(Some(column));
    }
    let has = |column| columns.contains(&Some(column));
    if !has(Column::Email) && !has(Column::Code) {
        return Err(FileError::NoHeader);
    }
    Ok(columns)
}

fn line_of(record: &StringRecord, columns: &[Option<Column>], number: u32) -> FileLine {
    let mut line = FileLine {
        number,
        ..FileLine::default()
    };
    for (index, cell) in record.iter().enumerate() {
        let Some(seen) = visible(cell) else {
            continue;
        };
        if seen.contains('\n') {
            line.fault = Some(LineFault::LineBreak);
        }
        match columns.get(index).copied().flatten() {
            Some(Column::Email) => line.email = Some(folded(&seen)),
            Some(Column::Code) => line.employee_code = Some(folded(&seen)),
            // Variation selectors are part of a name.
            Some(Column::Name) => cell.trim().clone_into(&mut line.name),
            Some(Column::Role) => line.role = seen,
            Some(Column::Groups) => line.groups = seen,
            None => line.fault = line.fault.or(Some(LineFault::TooManyCells)),
        }
    }
    line
}

/// The numbers of lines in a text, asked for from its beginning to its end.
struct LineNumbers<'a> {
    text: &'a [u8],
    byte: usize,
    number: u32,
}

impl<'a> LineNumbers<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            byte: 0,
            number: 1,
        }
    }

    /// Returns the number of the line of the first record at `position` or after it; empty lines before it are none.
    fn at(&mut self, position: u64) -> u32 {
        let position = usize::try_from(position).unwrap_or(LARGEST_FILE);
        while let Some(byte) = self.text.get(self.byte) {
            if self.byte >= position && *byte != b'\n' {
                break;
            }
            self.number += u32::from(*byte == b'\n');
            self.byte += 1;
        }
        self.number
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<FileLine>, FileError> {
        lines_of(text.as_bytes())
    }

    #[test]
    fn columns_come_in_any_order_and_cells_as_japanese_keyboards_type_them() {
        let text = "氏　名,グループ,ﾒｰﾙｱﾄﾞﾚｽ,役割,従業員コード\n\
            \"新井, 一郎\",\"規程の編集;閲覧\",ａｒａｉ＠ａｕｄｉｔ．ｅｘａｍｐｌｅ,担当者,Ａ－０１\n";
        let line = FileLine {
            number: 2,
            email: Some("arai@audit.example".into()),
            employee_code: Some("A-01".into()),
            name: "新井, 一郎".into(),
            role: "担当者".into(),
            groups: "規程の編集;閲覧".into(),
            fault: None,
        };
        assert_eq!(read(text).unwrap(), [line]);
    }

    #[test]
    fn lines_are_counted_as_an_editor_shows_them() {
        let text = "\nメールアドレス,氏名\na@b.jp\n\n,\n\"c@d.jp\",\"一\n二\"\n\ne@f.jp,三,四";
        let lines = read(text).unwrap();
        let found: Vec<(u32, Option<LineFault>)> =
            lines.iter().map(|it| (it.number, it.fault)).collect();
        let expected = [
            (3, None),
            (6, Some(LineFault::LineBreak)),
            (9, Some(LineFault::TooManyCells)),
        ];
        assert_eq!(found, expected);
        assert_eq!(lines[0].name, "");
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_refused_with_what_to_do() {
        let refused = |text: &str| read(text).unwrap_err();
        assert_eq!(refused(""), FileError::NoHeader);
        assert_eq!(
            refused("a@b.jp,一\n"),
            FileError::UnknownColumn("a@b.jp".into())
        );
        assert_eq!(refused("氏名\n一\n"), FileError::NoHeader);
        assert_eq!(
            refused("社員番号,氏名,ロール\n1,一,x\n"),
            FileError::UnknownColumn("ロール".into())
        );
        assert_eq!(
            refused("社員番号,従業員コード\n1,1\n"),
            FileError::RepeatedColumn("従業員コード".into())
        );
        assert_eq!(refused("メールアドレス\n\n,\n"), FileError::NoLines);
        let many = "メールアドレス\n".to_owned() + &"a@b.jp\n".repeat(MOST_IMPORTED + 1);
        assert_eq!(refused(&many), FileError::TooManyLines(1_001));
        let most = "メールアドレス\n".to_owned() + &"a@b.jp\n".repeat(MOST_IMPORTED);
        assert_eq!(read(&most).unwrap().len(), MOST_IMPORTED);
    }

    proptest! {
        #[test]
        fn any_file_is_refused_or_read_as_at_most_a_thousand_lines_that_say_something(
            bytes in prop::collection::vec(any::<u8>(), 0..2_000),
            text in "[a-cあ,;\"\r\n ]{0,300}",
        ) {
            let header = "メールアドレス,氏名\n".as_bytes();
            for file in [&bytes, &[header, &bytes].concat(), &[header, text.as_bytes()].concat()] {
                let Ok(lines) = lines_of(file) else {
                    continue;
                };
                prop_assert!((1..=MOST_IMPORTED).contains(&lines.len()));
                prop_assert!(lines.is_sorted_by_key(|line| line.number));
                for line in lines {
                    let number = line.number;
                    prop_assert_ne!(line, FileLine { number, ..FileLine::default() });
                }
            }
        }

        /// What a spreadsheet writes is read as it was, at the line where an editor shows it.
        #[test]
        fn what_was_written_as_csv_is_read_back(
            cells in prop::collection::vec(("[A-Za-z0-9-]{1,20}", "[a-zA-Z一-龠ァ-ヶ\", ;]{0,20}"), 1..20),
            end in prop::sample::select(&[csv::Terminator::CRLF, csv::Terminator::Any(b'\n')][..]),
        ) {
            let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
            writer.write_record(["社員番号", "氏名"]).unwrap();
            for (code, name) in &cells {
                writer.write_record([code, name]).unwrap();
            }
            let lines = lines_of(&writer.into_inner().unwrap()).unwrap();
            let expected = cells.iter().enumerate().map(|(index, (code, name))| FileLine {
                number: u32::try_from(index).unwrap() + 2,
                employee_code: Some(code.clone()),
                name: name.trim().to_owned(),
                ..FileLine::default()
            });
            prop_assert_eq!(lines, expected.collect::<Vec<_>>());
        }
    }
}
