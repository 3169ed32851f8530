//! The numbers of pages under a list.

use std::ops::Range;

/// Which page of a list is shown, and which ones are linked.
#[derive(Clone, Copy, Debug)]
pub(in crate::pages::users) struct PageNumbers {
    /// The number of the page, from 1.
    page: usize,
    /// How many pages there are, at least one.
    pages: usize,
    /// How many rows a page has.
    size: usize,
    rows: usize,
}

impl PageNumbers {
    /// Returns the numbers for `rows` rows, `size` a page, when page `wanted` is asked for; the last page in place of
    /// one after it.
    pub(in crate::pages::users) fn of(rows: usize, size: usize, wanted: usize) -> Self {
        let pages = rows.div_ceil(size).max(1);
        Self {
            page: wanted.clamp(1, pages),
            pages,
            size,
            rows,
        }
    }

    /// Returns the rows of the page.
    pub(in crate::pages::users) fn rows(self) -> Range<usize> {
        let first = (self.page - 1) * self.size;
        first..self.rows.min(first + self.size)
    }

    /// Returns the links to the first page, the last one and those around this one; none if there is one page only.
    /// `address` is that of a page.
    pub(in crate::pages::users) fn links(self, address: impl Fn(usize) -> String) -> Vec<PageLink> {
        let mut links = Vec::new();
        if self.pages == 1 {
            return links;
        }
        let mut before = 0;
        for page in 1..=self.pages {
            if page == 1 || page == self.pages || page.abs_diff(self.page) <= 2 {
                links.push(PageLink {
                    after_a_gap: page > before + 1,
                    is_this: page == self.page,
                    address: address(page),
                    page,
                });
                before = page;
            }
        }
        links
    }
}

/// The link to one page.
pub(in crate::pages::users) struct PageLink {
    pub(in crate::pages::users) page: usize,
    pub(in crate::pages::users) address: String,
    pub(in crate::pages::users) is_this: bool,
    /// Whether pages are left out before it.
    pub(in crate::pages::users) after_a_gap: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_reached_in_some_steps_and_none_is_after_the_last() {
        let numbers = |rows, wanted| PageNumbers::of(rows, 50, wanted);
        let links = |numbers: PageNumbers| -> Vec<(bool, usize)> {
            let links = numbers.links(|page| page.to_string()).into_iter();
            links.map(|it| (it.after_a_gap, it.page)).collect()
        };
        let middle = numbers(10_000, 100);
        let around = [
            (false, 1),
            (true, 98),
            (false, 99),
            (false, 100),
            (false, 101),
            (false, 102),
            (true, 200),
        ];
        assert_eq!(links(middle), around);
        assert_eq!(middle.rows(), 4_950..5_000);
        assert_eq!(numbers(120, 9).rows(), 100..120);
        let none = numbers(0, 0);
        assert_eq!((none.rows(), links(none)), (0..0, vec![]));
    }
}
