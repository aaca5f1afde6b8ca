package doppio.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.data.Batch;
import doppio.loss.CrossEntropy;
import doppio.nn.BatchNorm2d;
import doppio.nn.Flatten;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.train.History;
import doppio.train.Trainer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  private static final int RED = 0xff0000;
  private static final int TEAL = 0x008080;

  @TempDir Path folder;

  /** Two classes; a file of another kind lies among the images. */
  @BeforeEach
  void write() throws IOException {
    save("warm/b.png", 2, 3, RED);
    save("cold/a.png", 2, 3, TEAL);
    save("cold/b.JPG", 2, 3, TEAL);
    Files.writeString(folder.resolve("cold/notes.txt"), "not an image");
    Files.writeString(folder.resolve("readme.txt"), "not a class");
  }

  @Test
  void classesAreFoldersInTheOrderOfTheirNames() throws IOException {
    ImageFolder images = new ImageFolder(folder, 3);
    assertThat(images.classes()).containsExactly("cold", "warm");
    assertThat(images.size()).isEqualTo(3);
    assertThat(images.inputShape()).containsExactly(3, 2, 3);
    assertThat(images.batch(0, 1, 2).targets().data()).containsExactly(0, 0, 1);
    assertThat(images).hasToString("ImageFolder(3 images of [cold, warm])");
  }

  @Test
  void coloursArePlanesFromZeroToOne() throws IOException {
    Batch batch = new ImageFolder(folder, 3).batch(2, 0);
    assertThat(batch.inputs().shape()).containsExactly(2, 3, 2, 3);
    for (int k = 0; k < 6; k++) {
      assertThat(batch.inputs().data()[k]).isEqualTo(1);
      assertThat(batch.inputs().data()[6 + k]).isZero();
      assertThat(batch.inputs().data()[18 + 6 + k]).isEqualTo(128 / 255.0);
    }
  }

  @Test
  void greyIsTheSumOfTheColoursByTheirBrightness() throws IOException {
    Batch batch = new ImageFolder(folder, 1).batch(2, 0, 1);
    assertThat(batch.inputs().shape()).containsExactly(3, 1, 2, 3);
    assertThat(batch.inputs().get(0, 0, 1, 2)).isEqualTo(0.299);
    double teal = 0.701 * 128 / 255;
    assertThat(batch.inputs().get(1, 0, 0, 0)).isCloseTo(teal, within(1e-15));
    // JPEG stores colours by and large.
    assertThat(batch.inputs().get(2, 0, 0, 0)).isCloseTo(teal, within(0.02));
  }

  @Test
  void aNetworkIsTrainedFromTheFiles() throws IOException {
    Generator generator = new Generator(1);
    Module model =
        new Sequential(
            new BatchNorm2d(3), new MaxPool2d(2), new Flatten(), new Linear(3, 2, generator));
    History history =
        new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 0.1))
            .batchSize(3)
            .epochs(40)
            .fit(new ImageFolder(folder, 3));
    assertThat(history.last().trainLoss()).isLessThan(0.1);
  }

  @Test
  void imagesAreReadWhenTheyAreAskedFor() throws IOException {
    ImageFolder images = new ImageFolder(folder, 1);
    save("warm/b.png", 4, 3, RED);
    assertThat(images.batch(0).size()).isEqualTo(1);
    assertThatThrownBy(() -> images.batch(2))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            folder.resolve("warm/b.png")
                + ": expected an image of 2 by 3 pixels, as the first one, but got 4 by 3");
    Files.writeString(folder.resolve("warm/b.png"), "no image");
    assertThatThrownBy(() -> images.batch(2))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(folder.resolve("warm/b.png") + " is no image that can be read");
  }

  @Test
  void aFolderWithoutImagesIsRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("cold/deeper"));
    assertThatThrownBy(() -> new ImageFolder(empty, 1))
        .isInstanceOf(IOException.class)
        .hasMessage(empty + " has no folder with PNG or JPEG files");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageFolder(folder, 4))
        .withMessage("an image has 1 or 3 channels, got 4");
  }

  private void save(String name, int height, int width, int colour) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int k = 0; k < height * width; k++) {
      image.setRGB(k % width, k / width, colour);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    String format = name.endsWith("JPG") ? "jpg" : "png";
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
  }
}
