/**
 * A network as a file.
 *
 * <p>{@link doppio.model.ModelFile} keeps a network whole, its structure with its numbers, in a
 * safetensors file; a {@link doppio.model.Registry} names modules of your own in it. The formats
 * read the description that every module gives of itself, {@link doppio.nn.Module#describe}, and
 * nothing else. {@link doppio.model.Onnx} exchanges networks with other systems; {@link
 * doppio.model.JavaSource} writes a network as a class that needs no library; {@link
 * doppio.model.TorchFile} reads the tensors that PyTorch saved. No file names a class to load, and
 * no reader runs what a file says.
 */
package doppio.model;
