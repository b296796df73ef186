//! The query of a URL: one reader for every operation, so that bounds and spellings do not differ between them
//! (R36). What it does not know it refuses, because a filter that is ignored looks like a filter that fits (R38).

use cohesive_core::suggest::nearest;

use super::HttpOptions;
use super::path;
use super::problem::Problem;

/// The parameters that have not been taken yet.
#[derive(Debug)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    known: Vec<String>,
}

impl Query {
    /// Reads `a=1&b=2`. A plus sign stands for a space, as forms write it.
    pub(super) fn read(text: Option<&str>) -> Result<Self, Problem> {
        let malformed = |_| Problem::new("malformed_query", "the query is not percent-encoded UTF-8");
        let part = |text: &str| path::decode(&text.replace('+', " ")).map_err(malformed);
        let mut pairs = Vec::new();
        for pair in text.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((part(name)?, part(value)?));
        }
        Ok(Self { pairs, known: Vec::new() })
    }

    /// Takes the parameter called `name`.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<String>, Problem> {
        self.known.push(name.to_owned());
        let Some(place) = self.pairs.iter().position(|(found, _)| found == name) else { return Ok(None) };
        let (_, value) = self.pairs.swap_remove(place);
        if self.pairs.iter().any(|(found, _)| found == name) {
            return Err(Problem::new("malformed_query", format!("`{name}` is there more than once")));
        }
        Ok(Some(value))
    }

    /// Takes a parameter that is `true` or `false`; left out, it is `false`.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.take(name)?.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Problem::new("malformed_query", format!("`{name}` is `true` or `false`"))),
        }
    }

    /// Takes the number of items on a page.
    pub(super) fn limit(&mut self, options: &HttpOptions) -> Result<usize, Problem> {
        let most = options.page_limit.max(1);
        let Some(text) = self.take("limit")? else { return Ok(options.page_size.clamp(1, most)) };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(limit) if digits && (1..=most).contains(&limit) => Ok(limit),
            _ => Err(Problem::new("malformed_query", format!("`limit` is a whole number from 1 to {most}"))),
        }
    }

    /// Refuses what nobody took.
    pub(super) fn finish(self) -> Result<(), Problem> {
        let Some((name, _)) = self.pairs.first() else { return Ok(()) };
        let shown: String = name.chars().take(64).collect();
        let known = self.known.iter().map(String::as_str);
        let advice = match nearest(name, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if self.known.is_empty() => "there are none".to_owned(),
            None => format!("there are `{}`", self.known.join("`, `")),
        };
        Err(Problem::new("malformed_query", format!("there is no parameter `{shown}`; {advice}")))
    }
}

#[cfg(test)]
mod tests {
    use super::Query;
    use crate::http::HttpOptions;

    fn read(text: &str) -> Query {
        Query::read(Some(text)).unwrap()
    }

    // R36
    #[test]
    fn limits_have_one_rule() {
        let options = HttpOptions { page_size: 20, page_limit: 100, ..HttpOptions::default() };
        assert_eq!(read("").limit(&options).unwrap(), 20);
        assert_eq!(read("limit=1").limit(&options).unwrap(), 1);
        assert_eq!(read("limit=100").limit(&options).unwrap(), 100);
        for text in ["0", "101", "-1", "+5", "1.0", "", "99999999999999999999", "ten", "%205"] {
            assert!(read(&format!("limit={text}")).limit(&options).is_err(), "{text}");
        }
        let tight = HttpOptions { page_size: 50, page_limit: 0, ..HttpOptions::default() };
        assert_eq!(read("").limit(&tight).unwrap(), 1);
    }

    // R38
    #[test]
    fn nothing_is_ignored() {
        let mut query = read("status=Pending&statsu=x");
        assert_eq!(query.take("status").unwrap().as_deref(), Some("Pending"));
        let problem = query.finish().unwrap_err();
        assert!(problem.detail().contains("did you mean `status`"), "{}", problem.detail());
        assert!(read("a=1&a=2").take("a").is_err());
        assert!(read("a&a").take("a").is_err());
        assert!(Query::read(Some("a=%zz")).is_err());
        assert!(Query::read(Some("%ff=1")).is_err());
        assert!(Query::read(None).unwrap().finish().is_ok());
        assert!(read("&&").finish().is_ok());
    }

    #[test]
    fn values_are_decoded() {
        assert_eq!(read("q=a%2Bb+c").take("q").unwrap().as_deref(), Some("a+b c"));
        assert_eq!(read("q").take("q").unwrap().as_deref(), Some(""));
        assert!(read("dry_run=true").flag("dry_run").unwrap());
        assert!(!read("dry_run=false").flag("dry_run").unwrap());
        assert!(read("dry_run=yes").flag("dry_run").is_err());
        assert!(read("dry_run").flag("dry_run").is_err());
    }
}
