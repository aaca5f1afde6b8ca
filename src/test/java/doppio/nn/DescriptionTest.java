package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DescriptionTest {
  private final Description<Tanh> all =
      Description.<Tanh>of(parts -> new Tanh())
          .set("whole", 3)
          .set("number", 0.5)
          .set("flag", true)
          .set("text", "ab")
          .set("wholes", new int[] {1, 2})
          .set("numbers", new double[] {0.25, 4});

  @Test
  void settingsKeepTheirOrderAndKind() {
    assertThat(all.settings().keySet())
        .containsExactly("whole", "number", "flag", "text", "wholes", "numbers");
    assertThat(all.settings())
        .containsEntry("whole", 3)
        .containsEntry("number", 0.5)
        .containsEntry("flag", true)
        .containsEntry("text", "ab")
        .containsEntry("wholes", List.of(1, 2))
        .containsEntry("numbers", List.of(0.25, 4.0));
    assertThatThrownBy(() -> all.settings().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(all).hasToString("Description" + all.settings());
  }

  @Test
  void partsHandSettingsOut() {
    Parts parts = Parts.ofSettings(all.settings());
    assertThat(parts.integer("whole")).isEqualTo(3);
    assertThat(parts.number("number")).isEqualTo(0.5);
    assertThat(parts.number("whole")).isEqualTo(3);
    assertThat(parts.flag("flag")).isTrue();
    assertThat(parts.text("text")).isEqualTo("ab");
    assertThat(parts.integers("wholes")).containsExactly(1, 2);
    assertThat(parts.numbers("numbers")).containsExactly(0.25, 4);
    assertThat(parts.numbers("wholes")).containsExactly(1, 2);
    assertThat(parts.has("flag")).isTrue();
    assertThat(parts.has("flags")).isFalse();
  }

  @Test
  void aSettingThatIsMissingOrOfAnotherKindIsNamed() {
    Parts parts = Parts.ofSettings(Map.of("p", 0.5));
    assertThatThrownBy(() -> parts.integer("p"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the setting p must be a whole number, got 0.5");
    assertThatThrownBy(() -> parts.text("q"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no setting q among [p]; expected a text");
    assertThatThrownBy(() -> Parts.ofSettings(Map.of("s", List.of(1, "x"))).integers("s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the setting s must be a list of whole numbers, got x");
    assertThatThrownBy(() -> parts.flag("p")).hasMessageContaining("must be true or false");
    assertThatThrownBy(() -> parts.numbers("p")).hasMessageContaining("must be a list of numbers");
  }

  @Test
  void aSettingDescribedTwiceIsRefused() {
    assertThatThrownBy(() -> all.set("flag", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the setting flag is described twice");
    assertThatThrownBy(() -> Description.of(parts -> new Tanh()).set("mode", (String) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("value of mode");
  }

  @Test
  void partsWithoutANameGiveNull() {
    Parts parts = Parts.ofSettings(Map.of());
    assertThat(parts.parameter("bias")).isNull();
    assertThat(parts.buffer("mean")).isNull();
    assertThat(parts.child("body")).isNull();
    assertThat(parts.generator("generator")).isNull();
    assertThat(parts.children()).isEmpty();
    assertThat(parts)
        .hasToString("Parts(settings {}, parameters [], buffers [], children [], generators [])");
  }

  @Test
  void layersSayWhatTheyWereBuiltWith() {
    Generator generator = new Generator(1);
    Linear linear = new Linear(3, 2, false, generator);
    assertThat(linear.describe().settings())
        .isEqualTo(Map.of("inFeatures", 3, "outFeatures", 2, "bias", false));
    assertThat(linear.inFeatures()).isEqualTo(3);
    assertThat(linear.outFeatures()).isEqualTo(2);
    assertThat(new LeakyReLU(0.25).describe().settings()).isEqualTo(Map.of("negativeSlope", 0.25));
    assertThat(new LeakyReLU(0.25).slope()).isEqualTo(0.25);
    assertThat(new Dropout(0.5, generator).describe().settings()).isEqualTo(Map.of("p", 0.5));
    assertThat(new Dropout(0.5, generator).p()).isEqualTo(0.5);
    assertThat(new Tanh().describe().settings()).isEmpty();
  }

  @Test
  void aMakerTravelsToAnotherJvm() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new LeakyReLU(0.25).describe().maker());
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Maker<?> maker = (Maker<?>) in.readObject();
      assertThat(maker.make(Parts.ofSettings(Map.of("negativeSlope", 0.25))))
          .hasToString("LeakyReLU(0.25)");
    }
  }
}
