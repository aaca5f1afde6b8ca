package doppio.peers;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.lstm;
import static org.bytedeco.pytorch.global.torch.max_pool2d;

import doppio.nn.Conv2d;
import doppio.nn.Flatten;
import doppio.nn.LSTM;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.nn.TransformerEncoderLayer;
import doppio.nn.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** A model of ours in libtorch: the same weights, and for each layer the operation that it has. */
final class TorchModel {
  private final TorchTensors tensors;
  private final boolean gradients;
  private final Temporaries temporaries = new Temporaries();
  private final TensorVector parameters = new TensorVector();
  private final List<UnaryOperator<Tensor>> layers = new ArrayList<>();

  /** Of copies of the model's weights, for training with gradients or for answers without. */
  TorchModel(Module model, TorchTensors tensors, boolean gradients) {
    this.tensors = tensors;
    this.gradients = gradients;
    add(model);
  }

  /** The output, which lives until {@link #close}. */
  Tensor forward(Tensor x) {
    Tensor y = x;
    for (UnaryOperator<Tensor> layer : layers) {
      y = layer.apply(y);
    }
    return y;
  }

  /** Gives back what {@link #forward} has made. */
  void close() {
    temporaries.close();
  }

  TensorVector parameters() {
    return parameters;
  }

  /** A weight of ours as one of libtorch's, which an optimizer then finds. */
  Tensor weight(Parameter p) {
    Tensor copy = tensors.of(p.value()).set_requires_grad(gradients);
    parameters.push_back(copy);
    return copy;
  }

  private Tensor keep(Tensor t) {
    return temporaries.keep(t);
  }

  private void add(Module module) {
    if (module instanceof Sequential) {
      module.children().values().forEach(this::add);
    } else {
      layers.add(layer(module));
    }
  }

  private UnaryOperator<Tensor> layer(Module module) {
    if (module instanceof Linear m) {
      Tensor weight = weight(m.weight());
      Tensor bias = weight(m.bias());
      return x -> keep(linear(x, weight, bias));
    }
    if (module instanceof Tanh) {
      return x -> keep(x.tanh());
    }
    if (module instanceof ReLU) {
      return x -> keep(x.relu());
    }
    if (module instanceof Flatten) {
      return x -> keep(x.flatten(1, -1));
    }
    if (module instanceof Conv2d m) {
      return convolution(m);
    }
    if (module instanceof MaxPool2d m) {
      return pool(m.window());
    }
    if (module instanceof LSTM m) {
      return recurrent(m);
    }
    if (module instanceof TransformerEncoderLayer m) {
      TorchEncoderLayer layer = new TorchEncoderLayer(m, this, temporaries);
      return layer::forward;
    }
    throw new IllegalArgumentException("no layer of libtorch for " + module);
  }

  private UnaryOperator<Tensor> convolution(Conv2d m) {
    Tensor weight = weight(m.weight());
    TensorOptional bias = new TensorOptional(weight(m.bias()));
    Window window = m.window();
    long[] stride = {window.strideHeight(), window.strideWidth()};
    long[] padding = {window.paddingHeight(), window.paddingWidth()};
    long[] dilation = {window.dilationHeight(), window.dilationWidth()};
    return x -> keep(conv2d(x, weight, bias, stride, padding, dilation, m.groups()));
  }

  private UnaryOperator<Tensor> pool(Window window) {
    long[] size = {window.height(), window.width()};
    return x -> keep(max_pool2d(x, size, size, new long[] {0, 0}, new long[] {1, 1}, false));
  }

  /** What libtorch's module for it calls too. */
  private UnaryOperator<Tensor> recurrent(LSTM m) {
    TensorVector weights = new TensorVector();
    m.parameters().forEach(p -> weights.push_back(weight(p)));
    return x -> {
      Tensor zeros = keep(x.new_zeros(1, x.size(0), m.hiddenSize()));
      TensorVector start = temporaries.keep(new TensorVector(zeros, zeros));
      return temporaries.keep(lstm(x, start, weights, true, 1, 0, gradients, false, true)).get0();
    };
  }
}
