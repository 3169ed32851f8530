//! Why a file as a whole cannot be read.

use domain::text::number;

use super::{LARGEST_FILE, MOST_IMPORTED, TEMPLATE_HEADER};

/// Why a file as a whole cannot be read. `Display` is the Japanese sentence that the admin reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file, or what is to be stored of it, is too large.
    #[error(
        "ファイルが大きすぎます。{}KB以内のファイルに分けて、アップロードしてください。",
        LARGEST_FILE / 1024
    )]
    TooLarge,
    /// The file is an Excel workbook.
    #[error(
        "Excelブックはアップロードできません。Excelの[名前を付けて保存]で「CSV UTF-8(コンマ区切り)」を選択して保存し、そのファイルをアップロードしてください。"
    )]
    Workbook,
    /// The file is no text in an encoding that is known.
    #[error(
        "ファイルの文字コードを判別できません。Excelの[名前を付けて保存]で「CSV UTF-8(コンマ区切り)」を選択して保存し、そのファイルをアップロードしてください。"
    )]
    UnknownEncoding,
    /// There is no header with an address or a code.
    #[error(
        "見出しの行がありません。1行目に「{}」を入力してください。「メールアドレス」と「社員番号」の少なくとも一方が必要です。",
        TEMPLATE_HEADER.join(",")
    )]
    NoHeader,
    /// The header names a column that means nothing here.
    #[error(
        "見出し「{0}」は使用できません。使用できる見出しは「{usable}」です。列を削除するか、見出しを修正してください。",
        usable = TEMPLATE_HEADER.join("」「")
    )]
    UnknownColumn(String),
    /// The header names a column twice.
    #[error("見出し「{0}」の列が2つあります。一方を削除してください。")]
    RepeatedColumn(String),
    /// There is nobody below the header.
    #[error("招待する方がいません。見出しの下に、1行に1名ずつ入力してください。")]
    NoLines,
    /// There are more people than [`MOST_IMPORTED`].
    #[error(
        "一度に招待できるのは{most}名までです({lines}行あります)。ファイルを分けて、アップロードしてください。",
        most = number(MOST_IMPORTED),
        lines = number(*.0)
    )]
    TooManyLines(usize),
}
