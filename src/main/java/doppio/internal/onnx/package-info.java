/** The format of ONNX: reads and writes what files say, and makes nothing of it. */
package doppio.internal.onnx;
