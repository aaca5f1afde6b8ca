package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import doppio.io.SafeTensors;
import doppio.nn.Dropout;
import doppio.nn.LeakyReLU;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.Sequential;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Architectures that somebody has changed, by accident or to do harm. */
class ModelFileMalformedTest {
  private static final Module MODEL =
      new Sequential(
          new Linear(2, 3, new Generator(1)), new LeakyReLU(), new Dropout(0.5, new Generator(2)));
  private static final String GOOD = ModelFile.metadata(MODEL, Registry.none()).get("doppio.model");

  private final Map<String, Tensor> tensors = new LinkedHashMap<>(MODEL.stateDict());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"version\":1|\"version\":2|expected version 1 but got 2, which a later version",
        "\"version\":1,||expected the field \"version\" first but got \"model\"",
        "\"version\":1,|\"version\":1,\"x\":1,|expected the fields version, model and frozen",
        "LeakyReLU|Runtime|module 1: the library has no \"Runtime\"; a later version may have it",
        "\"type\":\"LeakyReLU\"|\"own\":\"LeakyReLU\"|module 1: \"LeakyReLU\" is not among",
        "\"type\":\"LeakyReLU\"|\"same\":\"0\"|expected a module with one of type, own or same",
        "\"type\":\"LeakyReLU\"|\"class\":\"x\"|expected a field of a module but got \"class\"",
        "\"type\":\"LeakyReLU\"|\"type\":\"LeakyReLU\",\"same\":\"0\"|expected a module with one of",
        "\"type\":\"LeakyReLU\"|\"type\":\"Tanh\",\"own\":\"Tanh\"|expected a module with one of",
        "\"0\":{|\"0\":{\"training\":false},\"1\":{|expected a module with one of type, own or same",
        "\"bias\":true|\"bias\":false|module 0: Linear cannot be made of its parts",
        "\"bias\":true|\"bias\":true,\"z\":1|there is no setting \"z\"",
        "\"inFeatures\":2|\"inFeatures\":3|the setting inFeatures is 3, and of what is made 2",
        "\"weight\":\"0.weight\"|\"weight\":\"0.w\"|module 0: the tensor \"0.w\" is missing",
        "\"weight\":\"0.weight\"|\"wei\":\"0.weight\"|module 0: Linear cannot be made",
        "\"weight\":\"0.weight\"|\"weight\":\"0.bias\"|module 0: Linear cannot be made",
        "\"0\":{|\"zero\":{|the module: Sequential cannot be made of its parts",
        "0.01|1e999|module 1: LeakyReLU cannot be made",
        "0.01|\"x\"|the setting negativeSlope must be a number, got x",
        "0.01|[1,2.5]|the setting negativeSlope must be a number, got [1, 2.5]",
        "0.01|[[1]]|expected a digit but got '['",
        "0.01|{\"number\":\"1\"}|expected a number that is NaN, Infinity or -Infinity",
        "0.01|00.1|expected a number but got one with a leading zero",
        "0.01|99999999999|expected a whole number of 32 bits but got \"99999999999\"",
        "0.01|nul|expected a digit but got 'n'",
        "0.01|truth|expected true or false but got 't'",
        "\"version\":1,|\"version\":1,\"frozen\":[\"x\"],|\"x\" is frozen but no parameter",
      })
  void aChangeIsRefusedAndNamed(String before, String after, String message) {
    String changed = after == null ? GOOD.replace(before, "") : GOOD.replace(before, after);
    assertThat(changed).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> load(changed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theDescriptionIsWholeAndNothingFollowsIt() {
    assertThatThrownBy(() -> load("{\"version\":1}"))
        .hasMessageEndingWith("expected the fields version and model but model is missing");
    assertThatThrownBy(() -> load(GOOD + "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("metadata doppio.model: ");
  }

  @Test
  void blanksBetweenTheSignsDoNotMatter() {
    Module model = new Sequential(new MaxPool2d(2), new LeakyReLU(0.5));
    String text = ModelFile.metadata(model, Registry.none()).get("doppio.model");
    assertThat(text).contains("[2,2]").doesNotContain("frozen");
    tensors.clear();
    String wide = text.replace(":", " : ").replace(",", " , ").replace("[", "[ ");
    assertThat(load(wide)).hasToString(model.toString());
  }

  @Test
  void aSettingMayBeWrittenAsAWholeNumberOrNot() {
    Module model = new Sequential(new LeakyReLU(1));
    String text = ModelFile.metadata(model, Registry.none()).get("doppio.model");
    tensors.clear();
    for (String one : new String[] {"1", "1.0", "1e0"}) {
      String changed = text.replaceFirst("(negativeSlope\":)[0-9.]+", "$1" + one);
      assertThat(load(changed)).hasToString(model.toString());
    }
  }

  @Test
  void everyTruncationIsRefused() {
    for (int length = 0; length < GOOD.length(); length++) {
      String start = GOOD.substring(0, length);
      assertThatThrownBy(() -> load(start))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("metadata doppio.model: ");
    }
  }

  @Test
  void everyChangedCharacterIsRefusedOrHarmless() {
    for (int i = 0; i < GOOD.length(); i++) {
      for (char c : "\"{}[],:019.-xe\\ ".toCharArray()) {
        String changed = GOOD.substring(0, i) + c + GOOD.substring(i + 1);
        try {
          assertThat(load(changed).stateDict()).hasSize(2);
        } catch (IllegalArgumentException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
  }

  @Test
  void tensorsThatAreNotTheModelsAreNamed() {
    tensors.put("1.weight", Tensor.of(1));
    assertThatThrownBy(() -> load(GOOD)).hasMessage("unexpected tensor \"1.weight\"");
    tensors.remove("1.weight");
    tensors.put(".mine", Tensor.of(1));
    assertThat(load(GOOD)).hasToString(MODEL.toString());
  }

  @Test
  void otherValuesOfWhatIsSharedAreNamed() {
    Linear first = new Linear(2, 2, new Generator(1));
    Module model = new Sequential(first, new Linear(first.weight(), null));
    String text = ModelFile.metadata(model, Registry.none()).get("doppio.model");
    tensors.clear();
    tensors.putAll(model.stateDict());
    tensors.put("1.weight", Tensor.zeros(2, 2));
    assertThatThrownBy(() -> load(text))
        .hasMessage("the tensor 1.weight is shared but has other values than its other names");
    tensors.put("1.weight", first.weight().value().reshape(4));
    assertThatThrownBy(() -> load(text)).hasMessageStartingWith("the tensor 1.weight is shared");
    tensors.remove("1.weight");
    assertThatThrownBy(() -> load(text)).hasMessage("the tensor 1.weight is missing");
  }

  @Test
  void aModuleThatIsItsOwnChildIsRefused() {
    tensors.clear();
    assertThatThrownBy(
            () ->
                load(
                    "{\"version\":1,\"model\":{\"type\":\"Sequential\",\"children\":{"
                        + "\"0\":{\"same\":\"\"}}}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("module 0: there is no module \"\" before it");
  }

  @Test
  void nestingIsBounded() {
    String deep = "{\"type\":\"Sequential\",\"children\":{\"0\":";
    tensors.clear();
    assertThatThrownBy(() -> load("{\"version\":1,\"model\":" + deep.repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at most 100 modules within each other at byte");
    assertThatThrownBy(() -> load("{\"version\":1,\"model\":" + "[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Module load(String architecture) {
    return ModelFile.load(
        new SafeTensors.Contents(tensors, Map.of("doppio.model", architecture)), Registry.none());
  }
}
