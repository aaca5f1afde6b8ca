package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.Tensor;
import doppio.io.SafeTensors;
import doppio.model.ModelFile;
import doppio.model.Registry;
import doppio.own.Centre;
import doppio.own.Product;
import doppio.own.Skip;
import doppio.own.Square;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every module of the table comes back from a file as it was. */
class ModelFileLawsTest {
  private static final Registry OWN =
      Registry.of("Square", Square.class, parts -> new Square())
          .and("Scale", Scale.class, parts -> new Scale(parts.parameter("factor")))
          .and("Centre", Centre.class, maker(new Centre(1)))
          .and("ResidualBlock", ResidualBlock.class, maker(new ResidualBlock(new Square())))
          .and("Skip", Skip.class, parts -> new Skip(parts.child("body")))
          .and("Product", Product.class, maker(new Product(new Square(), new Square())));

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#all")
  void everyModuleComesBackWithTheSameFormStateAndBits(ModuleCase c) throws IOException {
    for (boolean training : new boolean[] {true, false}) {
      Module original = c.create(1);
      original.parameters().stream().limit(1).forEach(p -> p.frozen(true));
      if (!training) {
        original.eval();
      }
      byte[] file = saved(original);
      Module loaded = ModelFile.load(file, OWN);
      assertThat(loaded).hasToString(original.toString()).hasSameClassAs(original);
      assertThat(SafeTensors.load(file).keySet()).isEqualTo(original.stateDict().keySet());
      assertThat(loaded.stateDict().keySet())
          .containsExactlyElementsOf(original.stateDict().keySet());
      original
          .stateDict()
          .forEach((name, tensor) -> assertSame(loaded.stateDict().get(name), tensor));
      assertThat(frozen(loaded)).isEqualTo(frozen(original));
      assertThat(modes(loaded)).isEqualTo(modes(original));
      assertThat(settings(loaded)).isEqualTo(settings(original));
      Tensor x = c.batch(3, 4);
      assertSame(loaded.infer(x), original.infer(x));
      assertThat(saved(loaded)).isEqualTo(file);
    }
  }

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#all")
  void savingAndLoadingDrawNoRandomNumber(ModuleCase c) throws IOException {
    Module original = c.create(4);
    long[] defaults = Generator.defaultGenerator().state();
    List<List<Long>> before = states(original);
    ModelFile.load(saved(original), OWN);
    assertThat(states(original)).isEqualTo(before);
    assertThat(Generator.defaultGenerator().state()).containsExactly(defaults);
  }

  private static byte[] saved(Module module) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.save(out, module, OWN);
    return out.toByteArray();
  }

  @SuppressWarnings("unchecked") // a module's description makes modules of its class
  private static <M extends Module> Maker<M> maker(M module) {
    return (Maker<M>) module.describe().maker();
  }

  private static List<Boolean> frozen(Module module) {
    return module.parameters().stream().map(Parameter::isFrozen).toList();
  }

  private static List<Boolean> modes(Module module) {
    return module.namedModules().values().stream().map(m -> m.members.training).toList();
  }

  private static List<Object> settings(Module module) {
    return module.namedModules().values().stream()
        .<Object>map(m -> m.describe().settings())
        .toList();
  }

  private static List<List<Long>> states(Module module) {
    List<List<Long>> states = new ArrayList<>();
    for (Generator generator : module.namedGenerators().values()) {
      List<Long> state = new ArrayList<>();
      for (long word : generator.state()) {
        state.add(word);
      }
      states.add(state);
    }
    return states;
  }
}
