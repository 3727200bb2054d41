//! Tables without the `style` attributes that the page's policy forbids.

use pulldown_cmark::{Alignment, CowStr, Event, Tag, TagEnd};

/// Where in a table the text is.
#[derive(Default)]
pub(super) struct Tables {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl Tables {
    /// The event, or what a table has in its place.
    pub(super) fn event<'t>(&mut self, event: Event<'t>) -> Event<'t> {
        let html = match event {
            Event::Start(Tag::Table(alignments)) => {
                self.alignments = alignments;
                "<table>"
            }
            Event::End(TagEnd::Table) => "</tbody></table>\n",
            Event::Start(Tag::TableHead) => {
                (self.column, self.in_head) = (0, true);
                "<thead><tr>"
            }
            Event::End(TagEnd::TableHead) => {
                self.in_head = false;
                "</tr></thead><tbody>\n"
            }
            Event::Start(Tag::TableRow) => {
                self.column = 0;
                "<tr>"
            }
            Event::End(TagEnd::TableRow) => "</tr>\n",
            Event::Start(Tag::TableCell) => {
                let alignment = self.alignments.get(self.column).copied().unwrap_or(Alignment::None);
                self.column += 1;
                cell(self.in_head, alignment)
            }
            Event::End(TagEnd::TableCell) if self.in_head => "</th>",
            Event::End(TagEnd::TableCell) => "</td>",
            other => return other,
        };
        Event::InlineHtml(CowStr::Borrowed(html))
    }
}

fn cell(in_head: bool, alignment: Alignment) -> &'static str {
    match (in_head, alignment) {
        (true, Alignment::None | Alignment::Left) => "<th scope=\"col\">",
        (true, Alignment::Center) => "<th scope=\"col\" class=\"align-center\">",
        (true, Alignment::Right) => "<th scope=\"col\" class=\"align-right\">",
        (false, Alignment::None | Alignment::Left) => "<td>",
        (false, Alignment::Center) => "<td class=\"align-center\">",
        (false, Alignment::Right) => "<td class=\"align-right\">",
    }
}
