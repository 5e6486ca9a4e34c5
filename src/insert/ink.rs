//! Can this be read on that? Colours, their contrast (WCAG 2.2), and the nearest one that can be read.

use crate::reject::{Code, Error, Result};

/// A colour: red, green and blue in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub [u8; 3]);

/// Contrast that text needs, as a fraction: 4.5 to 1 (WCAG 2.2, 1.4.3).
const ENOUGH: (u64, u64) = (9, 2);

impl Ink {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);
    /// White: the paper.
    pub const WHITE: Self = Self([255; 3]);

    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// `invalid_value` for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let part = |at: usize| text.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let digits = text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|b| b.is_ascii_hexdigit());
        match (digits, part(1), part(3), part(5)) {
            (true, Some(red), Some(green), Some(blue)) => Ok(Self([red, green, blue])),
            _ => Err(Error::new(Code::InvalidValue, "A colour is written like #1f6f5c.")),
        }
    }

    /// The colour as `#rrggbb`.
    #[must_use]
    pub fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Relative luminance (WCAG 2.2) in millionths.
    fn luminance(self) -> u64 {
        let [red, green, blue] = self.0.map(|part| u64::from(LINEAR[usize::from(part)]));
        (2_126 * red + 7_152 * green + 722 * blue) / 10_000
    }

    /// Whether text in this colour can be read on the other: a contrast of at least 4.5 to 1.
    ///
    /// ```
    /// use zugabe::insert::ink::Ink;
    /// assert!(Ink::BLACK.reads_on(Ink::WHITE));
    /// assert!(!Ink([0xff, 0xd0, 0x00]).reads_on(Ink::WHITE));
    /// ```
    #[must_use]
    pub fn reads_on(self, ground: Self) -> bool {
        let (a, b) = (self.luminance() + 50_000, ground.luminance() + 50_000);
        a.max(b) * ENOUGH.1 >= a.min(b) * ENOUGH.0
    }

    /// This colour on that ground: itself where it can be read, else mixed with black until it can; black at the end.
    #[must_use]
    pub fn readable_on(self, ground: Self) -> Self {
        (0..=100).map(|share| self.mixed(Self::BLACK, share)).find(|ink| ink.reads_on(ground)).unwrap_or(Self::BLACK)
    }

    /// Black or white, whichever can be read on this colour; white where both can.
    #[must_use]
    pub fn text_on(self) -> Self {
        if Self::WHITE.reads_on(self) { Self::WHITE } else { Self::BLACK }
    }

    /// This colour with a share (0 to 100) of another.
    #[must_use]
    pub fn mixed(self, other: Self, share: u32) -> Self {
        let share = share.min(100);
        let mut parts = self.0;
        for (part, other) in parts.iter_mut().zip(other.0) {
            let sum = u32::from(*part) * (100 - share) + u32::from(other) * share;
            *part = u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX);
        }
        Self(parts)
    }
}

/// The linear value of each sRGB step, in millionths: IEC 61966-2-1, written out so that no platform computes it anew.
const LINEAR: [u32; 256] = [
    0, 304, 607, 911, 1_214, 1_518, 1_821, 2_125, 2_428, 2_732, 3_035, 3_347, 3_677, 4_025, 4_391, 4_777, 5_182, 5_605,
    6_049, 6_512, 6_995, 7_499, 8_023, 8_568, 9_134, 9_721, 10_330, 10_960, 11_612, 12_286, 12_983, 13_702, 14_444,
    15_209, 15_996, 16_807, 17_642, 18_500, 19_382, 20_289, 21_219, 22_174, 23_153, 24_158, 25_187, 26_241, 27_321,
    28_426, 29_557, 30_713, 31_896, 33_105, 34_340, 35_601, 36_889, 38_204, 39_546, 40_915, 42_311, 43_735, 45_186,
    46_665, 48_172, 49_707, 51_269, 52_861, 54_480, 56_128, 57_805, 59_511, 61_246, 63_010, 64_803, 66_626, 68_478,
    70_360, 72_272, 74_214, 76_185, 78_187, 80_220, 82_283, 84_376, 86_500, 88_656, 90_842, 93_059, 95_307, 97_587,
    99_899, 102_242, 104_616, 107_023, 109_462, 111_932, 114_435, 116_971, 119_538, 122_139, 124_772, 127_438, 130_136,
    132_868, 135_633, 138_432, 141_263, 144_128, 147_027, 149_960, 152_926, 155_926, 158_961, 162_029, 165_132,
    168_269, 171_441, 174_647, 177_888, 181_164, 184_475, 187_821, 191_202, 194_618, 198_069, 201_556, 205_079,
    208_637, 212_231, 215_861, 219_526, 223_228, 226_966, 230_740, 234_551, 238_398, 242_281, 246_201, 250_158,
    254_152, 258_183, 262_251, 266_356, 270_498, 274_677, 278_894, 283_149, 287_441, 291_771, 296_138, 300_544,
    304_987, 309_469, 313_989, 318_547, 323_143, 327_778, 332_452, 337_164, 341_914, 346_704, 351_533, 356_400,
    361_307, 366_253, 371_238, 376_262, 381_326, 386_429, 391_572, 396_755, 401_978, 407_240, 412_543, 417_885,
    423_268, 428_690, 434_154, 439_657, 445_201, 450_786, 456_411, 462_077, 467_784, 473_531, 479_320, 485_150,
    491_021, 496_933, 502_886, 508_881, 514_918, 520_996, 527_115, 533_276, 539_479, 545_724, 552_011, 558_340,
    564_712, 571_125, 577_580, 584_078, 590_619, 597_202, 603_827, 610_496, 617_207, 623_960, 630_757, 637_597,
    644_480, 651_406, 658_375, 665_387, 672_443, 679_542, 686_685, 693_872, 701_102, 708_376, 715_694, 723_055,
    730_461, 737_910, 745_404, 752_942, 760_525, 768_151, 775_822, 783_538, 791_298, 799_103, 806_952, 814_847,
    822_786, 830_770, 838_799, 846_873, 854_993, 863_157, 871_367, 879_622, 887_923, 896_269, 904_661, 913_099,
    921_582, 930_111, 938_686, 947_307, 955_973, 964_686, 973_445, 982_251, 991_102, 1_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_srgb() {
        for (step, linear) in LINEAR.iter().enumerate() {
            let part = step as f64 / 255.0;
            let exact = if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) };
            assert!((exact * 1e6 - f64::from(*linear)).abs() <= 0.5, "{step}");
        }
    }

    #[test]
    fn contrast_is_counted_as_wcag_does() {
        // 4.54 and 4.48 to 1 on white.
        assert!(Ink([0x76; 3]).reads_on(Ink::WHITE));
        assert!(!Ink([0x77; 3]).reads_on(Ink::WHITE));
    }

    #[test]
    fn black_or_white_reads_on_every_colour() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let ground = Ink([red, green, blue]);
                    assert!(ground.text_on().reads_on(ground), "{}", ground.hex());
                    assert!(ground.readable_on(Ink::WHITE).reads_on(Ink::WHITE), "{}", ground.hex());
                }
            }
        }
    }

    #[test]
    fn a_colour_that_reads_stays_and_a_light_one_is_darkened_no_more_than_needed() {
        let dark = Ink([0x1f, 0x6f, 0x5c]);
        assert_eq!(dark.readable_on(Ink::WHITE), dark);
        let yellow = Ink::parse("#ffd000").unwrap();
        let read = yellow.readable_on(Ink::WHITE);
        assert!(read.reads_on(Ink::WHITE) && read.0[0] > 100, "{}", read.hex());
        assert!(Ink::parse("#12345").is_err() && Ink::parse("#12345g").is_err() && Ink::parse("1234567").is_err());
    }
}
