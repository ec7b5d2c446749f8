//! What can go wrong with one file of a task. The task stays active and tries again.

use std::io::{self, ErrorKind};

use super::paths::PathError;

#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) path: String,
    pub(crate) detail: String,
    /// Whether it is the source that cannot be read; such errors can be skipped.
    pub(crate) at_source: bool,
}

impl Fault {
    pub(crate) fn new(code: &'static str, operation: &'static str, path: &str, detail: &str) -> Self {
        let at_source = operation == "READ";
        Self { code, operation, path: path.to_owned(), detail: detail.to_owned(), at_source }
    }

    pub(crate) fn io(error: &io::Error, operation: &'static str, path: &str) -> Self {
        let code = match error.kind() {
            ErrorKind::NotFound => "FILE_NOT_FOUND",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "PERMISSION_DENIED",
            ErrorKind::NotADirectory => "NOT_A_DIRECTORY",
            ErrorKind::IsADirectory => "IS_A_DIRECTORY",
            ErrorKind::AlreadyExists => "IS_A_FILE",
            ErrorKind::StorageFull => "NO_SPACE_LEFT",
            ErrorKind::QuotaExceeded => "QUOTA_EXCEEDED",
            ErrorKind::InvalidFilename | ErrorKind::InvalidInput => "INVALID_PATH_NAME",
            _ => "ENDPOINT_ERROR",
        };
        Self::new(code, operation, path, &error.to_string())
    }

    pub(crate) fn path(error: PathError, operation: &'static str, path: &str) -> Self {
        match error {
            PathError::Invalid(detail) => Self::new("INVALID_PATH_NAME", operation, path, &detail),
            PathError::Escapes => {
                Self::new("PERMISSION_DENIED", operation, path, "The path leads out of the collection")
            }
            PathError::Io(error) => Self::io(&error, operation, path),
        }
    }

    pub(crate) fn denied(operation: &'static str, path: &str) -> Self {
        Self::new("PERMISSION_DENIED", operation, path, "Permission denied")
    }

    pub(crate) fn while_doing(self, operation: &'static str) -> Self {
        Self { operation, at_source: operation == "READ", ..self }
    }

    /// Whether a task that skips errors of the source skips this one.
    pub(crate) fn is_skippable(&self) -> bool {
        self.at_source && matches!(self.code, "FILE_NOT_FOUND" | "PERMISSION_DENIED")
    }

    pub(crate) fn is_quota(&self) -> bool {
        self.code == "QUOTA_EXCEEDED"
    }

    pub(crate) fn description(&self) -> &'static str {
        match self.code {
            "FILE_NOT_FOUND" => "file not found",
            "PERMISSION_DENIED" => "permission denied",
            "NOT_A_DIRECTORY" => "not a directory",
            "IS_A_DIRECTORY" => "is a directory",
            "IS_A_FILE" => "is a file",
            "NO_SPACE_LEFT" => "no space left",
            "QUOTA_EXCEEDED" => "quota exceeded",
            "FILE_SIZE_CHANGED" => "file size changed",
            "EXTERNAL_CHECKSUM_MISMATCH" => "external checksum mismatch",
            "NOT_A_SYMLINK" => "not a symlink",
            "INVALID_PATH_NAME" => "invalid path name",
            "VERIFY_CHECKSUM" => "checksum verification failed",
            _ => "endpoint error",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_has_the_service_s_name() {
        for (kind, code) in [
            (ErrorKind::NotFound, "FILE_NOT_FOUND"),
            (ErrorKind::PermissionDenied, "PERMISSION_DENIED"),
            (ErrorKind::StorageFull, "NO_SPACE_LEFT"),
            (ErrorKind::QuotaExceeded, "QUOTA_EXCEEDED"),
            (ErrorKind::InvalidFilename, "INVALID_PATH_NAME"),
            (ErrorKind::TimedOut, "ENDPOINT_ERROR"),
        ] {
            let fault = Fault::io(&kind.into(), "READ", "/x");
            assert_eq!((fault.code, fault.is_quota()), (code, code == "QUOTA_EXCEEDED"));
            let skippable = matches!(code, "FILE_NOT_FOUND" | "PERMISSION_DENIED");
            assert_eq!(fault.is_skippable(), skippable, "{code}");
            assert!(!fault.while_doing("DELETE").is_skippable(), "only the source's errors are skipped");
        }
    }
}
