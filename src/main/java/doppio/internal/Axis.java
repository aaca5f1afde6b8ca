package doppio.internal;

/**
 * How results see a source in one direction: result u meets, by its tap t, the place {@code first +
 * step · u + tapFirst + tapStep · t} of the source; places outside of it hold zeros.
 *
 * @param size places of the source
 * @param first the lowest place that result 0 meets, which may lie outside
 * @param taps how many places a result meets
 * @param tapFirst the place of tap 0, counted from the result's lowest
 * @param tapStep from a tap to the next
 * @param kernelFirst the element of the kernel that belongs to tap 0
 * @param kernelStep from there to the next tap's
 * @param step from a result to the next
 * @param count how many results there are
 * @param placeFirst where result 0 stands among all
 * @param placeStep from there to the next
 */
record Axis(
    int size,
    int first,
    int taps,
    int tapFirst,
    int tapStep,
    int kernelFirst,
    int kernelStep,
    int step,
    int count,
    int placeFirst,
    int placeStep) {

  /** An output's view of its input: tap i lies {@code dilation · i} after the first. */
  static Axis forward(int size, int kernel, int stride, int padding, int dilation, int count) {
    return new Axis(size, -padding, kernel, 0, dilation, 0, 1, stride, count, 0, 1);
  }

  /**
   * The view that every stride-th input, from the place {@code phase} on, has of the outputs that
   * it goes into. Element i of the kernel brings input y into output (y + padding − dilation · i) /
   * stride, where that is a whole number: the same i for all these y.
   */
  static Axis back(
      int size, int kernel, int stride, int padding, int dilation, int inputs, int phase) {
    int count = phase < inputs ? (inputs - phase - 1) / stride + 1 : 0;
    int kernelStep = stride / greatestCommonDivisor(stride, dilation);
    int most = Math.min(kernelStep, kernel);
    int kernelFirst = 0;
    while (kernelFirst < most && (phase + padding - (long) dilation * kernelFirst) % stride != 0) {
      kernelFirst++;
    }
    if (kernelFirst == most) {
      return new Axis(size, 0, 0, 0, 0, 0, 0, 1, count, phase, stride);
    }
    int taps = (kernel - 1 - kernelFirst) / kernelStep + 1;
    int apart = (int) ((long) kernelStep * dilation / stride);
    int highest = (int) ((phase + padding - (long) dilation * kernelFirst) / stride);
    int span = (taps - 1) * apart;
    return new Axis(
        size, highest - span, taps, span, -apart, kernelFirst, kernelStep, 1, count, phase, stride);
  }

  /** Places from the first that so many neighbouring results meet to the last. */
  int extent(int results) {
    return (results - 1) * step + Math.max(0, taps - 1) * Math.abs(tapStep) + 1;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
