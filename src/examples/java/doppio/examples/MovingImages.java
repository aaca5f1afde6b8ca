package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.train.Callback;
import doppio.train.Training;

/**
 * Images to train on that move by up to a pixel in both directions, anew for every epoch, so that
 * the network does not learn where in its frame each of them stood.
 */
final class MovingImages implements Callback {
  private static final int SIDE = 28;

  /** How far an image may be moved, in pixels. */
  private static final int FARTHEST = 1;

  private final Tensor images;
  private final Dataset moving;
  private final Generator generator;

  /** Images of 28 × 28 pixels, which are not changed themselves. */
  MovingImages(Dataset images, Generator generator) {
    this.images = images.inputs();
    moving = new Dataset(images.inputs().copy(), images.targets());
    this.generator = generator;
  }

  /** What is to be trained on. */
  Dataset moving() {
    return moving;
  }

  @Override
  public void start(Training training) {
    shift();
  }

  @Override
  public void epoch(Training training) {
    shift();
  }

  /** Moves every image a little in both directions; what leaves its frame is lost. */
  private void shift() {
    Tensor to = moving.inputs();
    to.fill(0);
    for (int image = 0; image < images.dim(0); image++) {
      int dx = draw();
      int dy = draw();
      for (int y = Math.max(0, -dy); y < SIDE - Math.max(0, dy); y++) {
        int row = (image * SIDE + y) * SIDE + Math.max(0, -dx);
        int length = SIDE - Math.abs(dx);
        System.arraycopy(images.data(), row, to.data(), row + dy * SIDE + dx, length);
      }
    }
  }

  /** A distance in pixels, in either direction. */
  private int draw() {
    return (int) (generator.random32() % (2 * FARTHEST + 1)) - FARTHEST;
  }
}
