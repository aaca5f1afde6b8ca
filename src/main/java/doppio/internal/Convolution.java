package doppio.internal;

/**
 * The sizes of a convolution of images [channels, height, width] with weights [out, channels /
 * groups, kernelHeight, kernelWidth].
 */
public record Convolution(
    int channels,
    int height,
    int width,
    int out,
    int groups,
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int paddingHeight,
    int paddingWidth,
    int dilationHeight,
    int dilationWidth,
    int outHeight,
    int outWidth) {

  /** Channels that one group sees. */
  public int groupChannels() {
    return channels / groups;
  }

  /** Outputs of one group. */
  public int groupOut() {
    return out / groups;
  }

  /** Elements of a patch: the terms of an output. */
  public int depth() {
    return groupChannels() * kernelHeight * kernelWidth;
  }

  /** Elements of a channel of an image. */
  public int pixels() {
    return height * width;
  }

  /** Elements of a channel of an output. */
  public int positions() {
    return outHeight * outWidth;
  }

  /** Multiply-adds of each of the three products over n images. */
  public long work(int n) {
    return (long) n * out * positions() * depth();
  }

  /** How outputs see their inputs: downwards. */
  Axis down() {
    return Axis.forward(
        height, kernelHeight, strideHeight, paddingHeight, dilationHeight, outHeight);
  }

  /** How outputs see their inputs: to the right. */
  Axis right() {
    return Axis.forward(width, kernelWidth, strideWidth, paddingWidth, dilationWidth, outWidth);
  }

  /** How every strideHeight-th row of an input sees outputs, from the given one on. */
  Axis up(int phase) {
    return Axis.back(
        outHeight, kernelHeight, strideHeight, paddingHeight, dilationHeight, height, phase);
  }

  /** How every strideWidth-th column of an input sees outputs, from the given one on. */
  Axis left(int phase) {
    return Axis.back(outWidth, kernelWidth, strideWidth, paddingWidth, dilationWidth, width, phase);
  }
}
