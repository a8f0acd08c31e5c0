//! Files that the emulator puts on the disk.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file that is complete under its name, and has this mode where there are modes.
pub(crate) fn write(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".").tempfile_in(folder)?;
    file.write_all(content)?;
    set_mode(file.as_file(), mode)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file as the kubelet does: a link through `..data`, which is a link itself and is replaced as a whole.
#[cfg(unix)]
pub(crate) fn project(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    use std::os::unix::fs::symlink;
    let (folder, name) = (path.parent().unwrap_or(path), path.file_name().unwrap_or_default());
    let (current, next) = (folder.join("..data"), folder.join("..data_tmp"));
    let before = fs::read_link(&current);
    let version = format!("..{}", uuid::Uuid::new_v4().simple());
    write(&folder.join(&version).join(name), content, mode)?;
    symlink(&version, &next)?;
    fs::rename(&next, &current)?;
    match before {
        Ok(before) => fs::remove_dir_all(folder.join(before)),
        Err(_) => symlink(Path::new("..data").join(name), path),
    }
}

/// Writes a file: there are no such links here.
#[cfg(not(unix))]
pub(crate) fn project(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    write(path, content, mode)
}

/// Makes a folder with those above it, and notes which were not there.
pub(crate) fn create_folder(path: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing: Vec<_> = path.ancestors().take_while(|folder| !folder.exists()).collect();
    for folder in missing.into_iter().rev() {
        fs::create_dir(folder)?;
        made.push(folder.to_owned());
    }
    Ok(())
}

#[cfg(unix)]
fn set_mode(file: &fs::File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_file: &fs::File, _mode: u32) -> io::Result<()> {
    Ok(())
}
