//! A macro never panics: hundreds of damaged declarations are fed to each of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Item;

use crate::snapshot::{call, expand};

const MUTATIONS: u64 = 300;

/// A small generator of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

fn count(tokens: &TokenStream) -> usize {
    tokens.clone().into_iter().map(|token| 1 + inner(&token).map_or(0, |stream| count(&stream))).sum()
}

fn inner(token: &TokenTree) -> Option<TokenStream> {
    if let TokenTree::Group(group) = token { Some(group.stream()) } else { None }
}

/// The tokens with the one at `place`, counted through all groups, changed by `change`.
fn changed(
    tokens: TokenStream,
    place: &mut usize,
    change: &mut dyn FnMut(&mut Vec<TokenTree>, usize),
) -> TokenStream {
    let mut list: Vec<TokenTree> = tokens.into_iter().collect();
    let mut index = 0;
    while index < list.len() {
        if *place == 0 {
            *place = usize::MAX;
            change(&mut list, index);
            break;
        }
        *place -= 1;
        if let TokenTree::Group(group) = &list[index] {
            let size = count(&group.stream());
            if *place < size {
                let stream = changed(group.stream(), place, change);
                list[index] = Group::new(group.delimiter(), stream).into();
                break;
            }
            *place -= size;
        }
        index += 1;
    }
    list.into_iter().collect()
}

/// Drops, doubles or swaps a token, or puts another one of the same file in its place.
fn mutated(tokens: TokenStream, words: &[TokenTree], dice: &mut Dice) -> TokenStream {
    let mut place = dice.below(count(&tokens));
    let (kind, other) = (dice.below(5), dice.below(words.len()));
    changed(tokens, &mut place, &mut |list, index| match kind {
        0 => drop(list.remove(index)),
        1 => list.insert(index, list[index].clone()),
        2 if index + 1 < list.len() => list.swap(index, index + 1),
        3 => list.truncate(index),
        _ => list[index] = words[other].clone(),
    })
}

fn flat(tokens: TokenStream, found: &mut Vec<TokenTree>) {
    for token in tokens {
        if let Some(stream) = inner(&token) {
            flat(stream, found);
        }
        found.push(token);
    }
}

fn sources() -> Vec<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = [
        "examples/freight/domain.rs",
        "examples/fines/domain.rs",
        "tests/expand/fields/input.rs",
        "tests/expand/ways/input.rs",
        "tests/expand/kinds/input.rs",
        "tests/expand/plain/input.rs",
    ];
    files.iter().map(|file| std::fs::read_to_string(root.join(file)).unwrap()).collect()
}

/// Words that are rare in real declarations and have a meaning somewhere.
const HOSTILE: &str = "Self self super crate _ r#type r#match static async unsafe dyn impl where 'a .. ..= => == += \
                       -> :: ? ! # & * 340282366920938463463374607431768211456 1.5 \"\" b\"x\" 'c' _2 __";

#[test]
fn a_macro_never_panics() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut runs = 0;
    for source in sources() {
        let mut words = Vec::new();
        flat(source.parse().unwrap(), &mut words);
        flat(HOSTILE.parse().unwrap(), &mut words);
        for item in syn::parse_file(&source).unwrap().items {
            let name = match &item {
                Item::Impl(_) => vec!["transitions"],
                Item::Struct(_) => vec!["entity", "event", "effect", "Id", "Value"],
                Item::Enum(_) => vec!["Lifecycle", "Value"],
                _ => continue,
            };
            let tokens = without_macros(item);
            for round in 0..MUTATIONS {
                let mut damaged = tokens.clone();
                for _ in 0..=dice.below(3) {
                    damaged = mutated(damaged, &words, &mut dice);
                }
                let name = name[usize::try_from(round).unwrap() % name.len()];
                let arguments = if dice.below(4) == 0 {
                    mutated(words_of(&words, &mut dice), &words, &mut dice)
                } else {
                    TokenStream::new()
                };
                let text = format!("#[{name}({arguments})] {damaged}");
                let outcome = catch_unwind(AssertUnwindSafe(|| drop(call(name, arguments, damaged))));
                assert!(outcome.is_ok(), "a panic of {text}");
                runs += 1;
            }
        }
    }
    println!("{runs} damaged declarations");
}

/// A few tokens in a row.
fn words_of(words: &[TokenTree], dice: &mut Dice) -> TokenStream {
    let start = dice.below(words.len());
    words.iter().skip(start).take(1 + dice.below(6)).cloned().collect()
}

fn without_macros(mut item: Item) -> TokenStream {
    let attributes = match &mut item {
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        _ => return item.into_token_stream(),
    };
    let ours = ["entity", "transitions", "event", "effect", "derive"];
    attributes.retain(|attribute| !ours.iter().any(|name| attribute.path().is_ident(name)));
    item.into_token_stream()
}

/// Declarations that once made a macro panic, or could.
#[test]
fn strange_names_do_not_panic() {
    let declarations = [
        "#[transitions] impl Order { #[transition] fn _3d(&mut self) {} }",
        "#[transitions] impl Order { #[transition] fn __(&mut self) {} }",
        "#[transitions] impl r#type { #[create] fn r#match(r#type: i32) -> Self { Self { r#type } } }",
        "#[transitions] impl Order { #[transition] fn a(&mut self) { requires!(r#type: true, \"\"); } }",
        "#[entity] pub struct Order { #[id] pub r#type: OrderId, pub _1: i32, pub __: i32 }",
        "#[entity(name = \"\", table = \"\", plural = \"é\")] pub struct Order { #[id] pub id: OrderId }",
        "#[event] pub struct É { pub ß: String }",
        "#[effect(reply = )] pub struct Order { }",
    ];
    for declaration in declarations {
        let item: Item = syn::parse_str(declaration).unwrap();
        drop(expand(item));
    }
}
