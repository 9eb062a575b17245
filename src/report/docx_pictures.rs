//! Pictures in a Word file.
//!
//! Word draws SVG since 2016, as what an image is drawn with instead; the image itself is a
//! PNG, for programs that do not. The library that writes Word files knows only
//! images, so that the drawing is named in the parts that it has made.

use docx_rs::{Pic, XMLDocx};

use crate::charts::{Picture, raster};
use crate::rendering::escape;

/// Units of a drawing for one of a picture (a pixel of 96 an inch), at most.
const UNITS: f64 = 9_525.0;
/// Units between the margins of a page of A4: across, and down less a heading and what stands
/// below the picture.
const ROOM: (f64, f64) = (6_120_000.0, 8_000_000.0);

/// The pictures of a file with their names, in the order in which they stand there.
#[derive(Default)]
pub(super) struct Pictures(Vec<(String, Picture)>);

impl Pictures {
    /// The image that stands for a picture until the file is made, as large as the page
    /// lets it be.
    pub(super) fn add(&mut self, name: String, picture: &Picture) -> Pic {
        let (width, height) = picture.size;
        let scale = UNITS.min(ROOM.0 / width).min(ROOM.1 / height);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a part of a page, in whole units"
        )]
        let [width, height] = [width, height].map(|it| (it * scale) as u32);
        self.0.push((name, picture.clone()));
        Pic::new_with_dimensions(raster::png(&picture.svg, picture.size), 1, 1)
            .id(format!("rIdImage{}", self.0.len()))
            .size(width, height)
    }

    /// Names the drawings in the parts of a file, and says what each shows.
    pub(super) fn put_into(self, file: &mut XMLDocx) {
        for (number, (called, picture)) in (1..).zip(self.0) {
            let (image, name) = (format!("rIdImage{number}"), format!("drawing{number}"));
            let drawn = format!(
                "<a:blip r:embed=\"{image}\"><a:extLst><a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\">\
                 <asvg:svgBlip xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" r:embed=\"{name}\"/>\
                 </a:ext></a:extLst></a:blip>"
            );
            let told = format!(
                "<wp:docPr id=\"{number}\" name=\"{called}\" descr=\"{}. {}\" />",
                escape(&picture.title),
                escape(&picture.description)
            );
            replace(&mut file.document, &format!("<a:blip r:embed=\"{image}\" />"), &drawn);
            replace(&mut file.document, "<wp:docPr id=\"1\" name=\"Figure\" />", &told);
            let related = format!(
                "<Relationship Id=\"{name}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" \
                 Target=\"media/{name}.png\" /></Relationships>"
            );
            replace(&mut file.document_rels, "</Relationships>", &related);
            // All media are named so by the library; what is in them is said here.
            let of_kind = format!(
                "<Override PartName=\"/word/media/{name}.png\" ContentType=\"image/svg+xml\" /></Types>"
            );
            replace(&mut file.content_type, "</Types>", &of_kind);
            file.media.push((name, picture.svg.into_bytes()));
        }
    }
}

/// Puts a text in the place of another, where it stands first.
fn replace(part: &mut Vec<u8>, old: &str, new: &str) {
    let text = std::str::from_utf8(part).expect("the parts of a file are text");
    *part = text.replacen(old, new, 1).into_bytes();
}
