package doppio.examples;

import doppio.data.Batch;
import doppio.data.Samples;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * PNG and JPEG files as samples: each folder in a folder is a class, in the order of the names. An
 * image is read when a batch asks for it, so that there may be more than memory holds.
 *
 * <p>Inputs {@code [n, channels, height, width]} from 0 to 1: red, green and blue, or one channel
 * of grey, 0.299 red + 0.587 green + 0.114 blue. Targets {@code [n]}, the class indices.
 */
final class ImageFolder implements Samples {
  private static final int WHITE = 255;

  private final List<String> classes = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private final int channels;
  private final int height;
  private final int width;

  /**
   * Lists the files; the size of the first image is that of all.
   *
   * @param channels 3 for colours, 1 for grey
   * @throws IOException if there is no image, or the first cannot be read; the message names it
   */
  ImageFolder(Path folder, int channels) throws IOException {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("an image has 1 or 3 channels, got " + channels);
    }
    this.channels = channels;
    for (Path named : sorted(folder)) {
      if (Files.isDirectory(named)) {
        for (Path file : sorted(named)) {
          if (isImage(file)) {
            files.add(file);
            labels.add(classes.size());
          }
        }
        classes.add(named.getFileName().toString());
      }
    }
    if (files.isEmpty()) {
      throw new IOException(folder + " has no folder with PNG or JPEG files");
    }
    BufferedImage first = image(files.get(0));
    height = first.getHeight();
    width = first.getWidth();
  }

  /** The names of the classes, by their indices. */
  List<String> classes() {
    return List.copyOf(classes);
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public int[] inputShape() {
    return new int[] {channels, height, width};
  }

  @Override
  public int[] targetShape() {
    return new int[] {};
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if a file cannot be read, or is an image of another size; the
   *     message names it
   */
  @Override
  public void read(int[] rows, Batch into) {
    for (int i = 0; i < rows.length; i++) {
      Path file = files.get(rows[i]);
      try {
        write(file, image(file), into.inputs().data(), i * channels * height * width);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      into.targets().data()[i] = labels.get(rows[i]);
    }
  }

  private void write(Path file, BufferedImage image, double[] to, int at) throws IOException {
    if (image.getHeight() != height || image.getWidth() != width) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected an image of %d by %d pixels, as the first one, but got %d by %d",
              file,
              height,
              width,
              image.getHeight(),
              image.getWidth()));
    }
    int plane = height * width;
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    for (int k = 0; k < plane; k++) {
      int red = pixels[k] >> 16 & WHITE;
      int green = pixels[k] >> 8 & WHITE;
      int blue = pixels[k] & WHITE;
      if (channels == 1) {
        to[at + k] = (299 * red + 587 * green + 114 * blue) / (1000.0 * WHITE);
      } else {
        to[at + k] = red / (double) WHITE;
        to[at + plane + k] = green / (double) WHITE;
        to[at + 2 * plane + k] = blue / (double) WHITE;
      }
    }
  }

  private static BufferedImage image(Path file) throws IOException {
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (image == null) {
      throw new IOException(file + " is no image that can be read");
    }
    return image;
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  @Override
  public String toString() {
    return "ImageFolder(" + files.size() + " images of " + classes + ")";
  }
}
