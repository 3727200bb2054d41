//! Passwords: what we accept and how we keep it.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use super::FieldProblem;

/// Argon2id with 19 MiB, two passes and one lane: the second row of the OWASP cheat sheet, which a Worker can pay.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Length limits in characters. Nothing is cut off, and there are no rules about kinds of characters.
const CHARS_MIN: usize = 8;
const CHARS_MAX: usize = 200;

/// The passwords that open most accounts on lists of broken ones, of 8 characters or more.
const COMMON: [&str; 72] = [
    "00000000",
    "11111111",
    "1111111111",
    "11223344",
    "12121212",
    "123123123",
    "12341234",
    "12344321",
    "12345678",
    "123456789",
    "1234567890",
    "12345678910",
    "1234qwer",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "1qazxsw2",
    "22222222",
    "55555555",
    "66666666",
    "77777777",
    "87654321",
    "88888888",
    "987654321",
    "9876543210",
    "99999999",
    "aa123456",
    "aaaaaaaa",
    "abc12345",
    "abcd1234",
    "abcdefgh",
    "administrator",
    "adminadmin",
    "alexander",
    "asdfasdf",
    "asdfghjk",
    "asdfghjkl",
    "baseball",
    "basketball",
    "butterfly",
    "changeme",
    "chocolate",
    "computer",
    "corvette",
    "dragon123",
    "facebook",
    "football",
    "iloveyou",
    "iloveyou1",
    "internet",
    "jennifer",
    "letmein1",
    "liverpool",
    "michelle",
    "monkey123",
    "p@ssw0rd",
    "p@ssword",
    "passw0rd",
    "password",
    "password1",
    "password12",
    "password123",
    "password1234",
    "pokemon1",
    "princess",
    "q1w2e3r4",
    "qwer1234",
    "qwertyui",
    "qwertyuiop",
    "qwerty123",
    "sunshine",
    "superman",
];

/// A password somebody chose. Never shown, logged or kept.
pub(crate) struct Password(String);

impl Password {
    /// Checks a new password.
    pub(crate) fn choose(text: &str) -> Result<Password, FieldProblem> {
        let chars = text.chars().count();
        if chars < CHARS_MIN {
            Err(if chars == 0 { FieldProblem::Missing } else { FieldProblem::PasswordShort })
        } else if chars > CHARS_MAX {
            Err(FieldProblem::PasswordLong)
        } else if COMMON.contains(&text.to_lowercase().as_str()) {
            Err(FieldProblem::PasswordCommon)
        } else {
            Ok(Password(text.to_owned()))
        }
    }

    /// Takes a password somebody signs in with. Rules may have changed since it was chosen, so only what would cost
    /// us time is refused.
    pub(crate) fn typed(text: &str) -> Option<Password> {
        (!text.is_empty() && text.chars().count() <= CHARS_MAX).then(|| Password(text.to_owned()))
    }

    /// The PHC string to keep, with `random` as salt; `None` if hashing failed, for want of memory.
    pub(crate) fn hash(&self, random: [u8; 32]) -> Option<String> {
        let salt = random.get(..16)?;
        let hash: PasswordHash = hasher()?.hash_password_with_salt(self.0.as_bytes(), salt).ok()?;
        Some(hash.to_string())
    }

    /// Whether this is the password that was kept. For an unknown account `kept` is `None`, and the same work is done
    /// for nothing, so that the time of the answer does not tell.
    pub(crate) fn verify(&self, kept: Option<&str>) -> bool {
        let Some(kept) = kept else {
            let _ = self.hash([0; 32]);
            return false;
        };
        match (hasher(), PasswordHash::new(kept)) {
            (Some(hasher), Ok(hash)) => hasher.verify_password(self.0.as_bytes(), &hash).is_ok(),
            _ => false,
        }
    }
}

fn hasher() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_passwords_are_long_and_not_on_the_list() {
        for (bad, problem) in [
            ("", FieldProblem::Missing),
            ("seven77", FieldProblem::PasswordShort),
            ("Password123", FieldProblem::PasswordCommon),
        ] {
            assert_eq!(Password::choose(bad).err(), Some(problem));
        }
        assert_eq!(Password::choose(&"x".repeat(201)).err(), Some(FieldProblem::PasswordLong));
        for good in ["correct horse", &"ü".repeat(200), &"a".repeat(72), "        x"] {
            assert!(Password::choose(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn the_kept_text_is_argon2id_with_our_numbers_and_differs_for_equal_passwords() {
        let password = Password::choose("tide tables at dawn").unwrap();
        let (one, two) = (password.hash([1; 32]).unwrap(), password.hash([2; 32]).unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(password.verify(Some(&one)) && password.verify(Some(&two)));
        assert!(!Password::typed("tide tables at dusk").unwrap().verify(Some(&one)));
        assert!(!password.verify(None) && !password.verify(Some("not a hash")));
        let long = |end: &str| Password::choose(&format!("{}{end}", "a".repeat(72))).unwrap();
        assert!(!long("x").verify(Some(&long("y").hash([1; 32]).unwrap())), "nothing is cut off");
    }
}
