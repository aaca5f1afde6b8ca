/**
 * What goes in: data sets, mini-batches, and the readers that make them from files.
 *
 * <p>A {@link doppio.data.Dataset} pairs inputs with targets, a {@link doppio.data.DataLoader} cuts
 * it into {@link doppio.data.Batch}es, in PyTorch's order where it shuffles. {@link
 * doppio.data.Idx} and {@link doppio.data.Csv} read files, plain or gzipped, into tensors; {@link
 * doppio.data.Mnist}, {@link doppio.data.Digits} and {@link doppio.data.Synthetic} are complete
 * data sets. {@link doppio.data.Windows}, {@link doppio.data.Sequences} and {@link
 * doppio.data.Characters} are for series and texts. Nothing here changes what it is given: each
 * transformation returns a new data set.
 */
package doppio.data;
