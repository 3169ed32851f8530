//! Names that people in Japan have: as written in kanji, in katakana, and in Latin letters for addresses.

use std::sync::LazyLock;

type Names = LazyLock<Vec<[&'static str; 3]>>;

/// Thirty family names.
pub(crate) static LAST_NAMES: Names = LazyLock::new(|| by_three(LAST));

/// Twenty given names: of women at even places, of men at odd ones.
pub(crate) static FIRST_NAMES: Names = LazyLock::new(|| by_three(FIRST));

fn by_three(words: &'static str) -> Vec<[&'static str; 3]> {
    let words: Vec<&str> = words.split_whitespace().collect();
    words.as_chunks().0.to_vec()
}

const LAST: &str = "
    佐藤 サトウ sato  鈴木 スズキ suzuki  高橋 タカハシ takahashi
    田中 タナカ tanaka  伊藤 イトウ ito  渡辺 ワタナベ watanabe
    山本 ヤマモト yamamoto  中村 ナカムラ nakamura  小林 コバヤシ kobayashi
    加藤 カトウ kato  吉田 ヨシダ yoshida  山田 ヤマダ yamada
    佐々木 ササキ sasaki  山口 ヤマグチ yamaguchi  松本 マツモト matsumoto
    井上 イノウエ inoue  木村 キムラ kimura  林 ハヤシ hayashi
    斎藤 サイトウ saito  清水 シミズ shimizu  山崎 ヤマザキ yamazaki
    森 モリ mori  池田 イケダ ikeda  橋本 ハシモト hashimoto
    阿部 アベ abe  石川 イシカワ ishikawa  前田 マエダ maeda
    藤田 フジタ fujita  小川 オガワ ogawa  岡田 オカダ okada
";

const FIRST: &str = "
    陽子 ヨウコ yoko  大輔 ダイスケ daisuke  由美 ユミ yumi
    誠 マコト makoto  直美 ナオミ naomi  健一 ケンイチ kenichi
    恵 メグミ megumi  翔太 ショウタ shota  真由美 マユミ mayumi
    拓也 タクヤ takuya  さくら サクラ sakura  浩二 コウジ koji
    美咲 ミサキ misaki  和也 カズヤ kazuya  智子 トモコ tomoko
    亮 リョウ ryo  彩 アヤ aya  隆 タカシ takashi
    裕子 ユウコ yuko  学 マナブ manabu
";
