/**
 * Makes modules of ONNX graphs: a table of operators ({@link
 * doppio.internal.onnx.load.Operators}), whose rows make the steps of a node, layers or functions;
 * and what computes them.
 */
package doppio.internal.onnx.load;
