/**
 * Tensors in files: {@link doppio.io.SafeTensors} for named tensors, {@link doppio.io.Npy} for one,
 * and {@link doppio.io.Npz} for named ones that NumPy has written.
 *
 * <p>The formats are read by PyTorch's and NumPy's world without conversion. Readers trust no
 * header: each claim is checked against the file before memory is taken for it, and a malformed
 * file is an {@link java.io.IOException} that names the file, the tensor and what was expected.
 * Numbers pass through a small buffer, so that a file needs no second copy in memory.
 *
 * <p>Writers replace a file as a whole: whoever opens it, even after a crash, finds all of the old
 * content or all of the new. It is written beside the file, as {@code .doppio-….tmp}, and takes its
 * name in one step; what a process that was killed has left of that is removed when the same file
 * is written next. Permissions, owner and group stay. A file that is read-only or mounted by
 * itself, and one whose owner or group this process may not give away, are refused.
 */
package doppio.io;
