//! The nearest name, for messages that say "a name with a similar spelling exists".

/// The name among `candidates` that `written` was probably meant to be.
///
/// The distance is that of Damerau and Levenshtein (insert, delete, replace, swap neighbours); names further
/// away than a third of their length are not suggested, because a wrong suggestion costs more than none.
#[must_use]
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = written.chars().count().max(3) / 3;
    candidates
        .into_iter()
        .map(|candidate| (distance(&written.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let width = right.len() + 1;
    let mut table = vec![0; (left.len() + 1) * width];
    for row in 0..=left.len() {
        for column in 0..width {
            let cell = |row: usize, column: usize| row * width + column;
            table[cell(row, column)] = if row == 0 || column == 0 {
                row + column
            } else {
                let same = left[row - 1] == right[column - 1];
                let replaced = table[cell(row - 1, column - 1)] + usize::from(!same);
                let shortest =
                    replaced.min(table[cell(row - 1, column)] + 1).min(table[cell(row, column - 1)] + 1);
                let swapped = row > 1
                    && column > 1
                    && left[row - 1] == right[column - 2]
                    && left[row - 2] == right[column - 1];
                if swapped { shortest.min(table[cell(row - 2, column - 2)] + 1) } else { shortest }
            };
        }
    }
    table[table.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_name_finds_its_neighbour() {
        assert_eq!(nearest("emti", ["emits", "index", "emit"]), Some("emit"));
        assert_eq!(nearest("OrderPlaecd", ["OrderPlaced", "OrderShipped"]), Some("OrderPlaced"));
    }

    #[test]
    fn a_different_name_is_not_suggested() {
        assert_eq!(nearest("colour", ["unique", "index"]), None);
        assert_eq!(nearest("", ["id"]), None);
    }
}
