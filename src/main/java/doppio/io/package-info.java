/**
 * Tensors in files: {@link doppio.io.SafeTensors} for named tensors, {@link doppio.io.Npy} for one,
 * and {@link doppio.io.Npz} for named ones that NumPy has written.
 *
 * <p>The formats are read by PyTorch's and NumPy's world without conversion. Readers trust no
 * header: each claim is checked against the file before memory is taken for it, and a malformed
 * file is an {@link java.io.IOException} that names the file, the tensor and what was expected.
 * Writers replace a file as a whole or not at all, see {@link doppio.io.AtomicFile}. Numbers pass
 * through a small buffer, so that a file needs no second copy in memory.
 */
package doppio.io;
