//! How alike themes are: the points of their evidence come in, a likeness for each pair
//! goes out.

use ndarray::{Array1, Array2};

/// How alike themes are, whose evidence stands in these rows of `points`.
///
/// # Formula
/// The cosine between the means of the points, each scaled to length 1; rounded to six
/// digits. A theme without evidence is like no other.
pub fn nearness(points: &Array2<f32>, evidence: &[Vec<usize>]) -> Vec<Vec<f64>> {
    let mean = |rows: &Vec<usize>| {
        let mut sum = Array1::<f64>::zeros(points.ncols());
        for &row in rows {
            let point = points.row(row).mapv(f64::from);
            let length = point.dot(&point).sqrt();
            if length > 0.0 {
                sum += &(point / length);
            }
        }
        let length = sum.dot(&sum).sqrt();
        if length > 0.0 { sum / length } else { sum }
    };
    let means: Vec<Array1<f64>> = evidence.iter().map(mean).collect();
    let likeness = |a: usize, b: usize| {
        if a == b { 1.0 } else { crate::answers::round(means[a].dot(&means[b])) }
    };
    (0..means.len()).map(|a| (0..means.len()).map(|b| likeness(a, b)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_the_cosine_of_means() {
        // The mean of (1, 0) and (0, 1) is at 45 degrees of (3, 0): cos = 1/√2.
        let points = Array2::from_shape_vec((3, 2), vec![3.0, 0.0, 1.0, 0.0, 0.0, 5.0]).unwrap();
        let found = nearness(&points, &[vec![0], vec![1, 2], vec![]]);
        let expected = [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let squared = |row: &Vec<f64>| row.iter().map(|it| it * it).collect::<Vec<_>>();
        for (found, expected) in found.iter().map(squared).zip(expected) {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}");
        }
    }
}
