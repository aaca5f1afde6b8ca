package doppio.internal.onnx.load;

import doppio.nn.Module;

/**
 * A step of the computation.
 *
 * @param function what it computes, or the shapes that the module gives
 * @param module what computes it, with one argument; null where the function does
 * @param in where its arguments lie
 * @param out where its result goes
 * @param title how messages name it
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Step(Function function, Module module, int[] in, int out, String title) {}
