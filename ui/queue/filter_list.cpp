// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/filter_list.h"

#include "core/base/error_text.h"
#include "core/queue/quantity_text.h"
#include "core/queue/recipe_text.h"
#include "ui/queue/queue_model.h"
#include "ui/theme/colors.h"
#include "ui/theme/icons.h"

#include <QEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace sendoff::ui {

using Health = queue::DestinationState::Health;

namespace {

enum LineRole {
    KindRole = Qt::UserRole + 1, // int, a FilterKind; absent for what cannot be chosen
    DetailRole, // QString at the end of the line: a number, a destination's word
    IconRole, // QString
    ColorRole, // QColor of the icon
    HeadingRole, // bool
};

// A line: icon, text, and at its end a number or a word. Mirrored as a whole.
class FilterLine : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    static int gap(const QFontMetrics &metrics) { return metrics.height() / 2; }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QFontMetrics metrics(option.font);
        const bool isHeading = index.data(HeadingRole).toBool();
        const int height = std::max(26, metrics.height() * 8 / 5);
        const int width = metrics.height() + 6 * gap(metrics)
            + metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString())
            + metrics.horizontalAdvance(index.data(DetailRole).toString());
        return QSize(width, isHeading ? height * 3 / 2 : height);
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        const bool isHeading = index.data(HeadingRole).toBool();
        const QFontMetrics metrics(option.font);
        const int space = gap(metrics);
        QStyleOptionViewItem panel = option;
        panel.state.setFlag(QStyle::State_HasFocus, false);
        QWidget *widget = const_cast<QWidget *>(option.widget);
        widget->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &panel, painter, widget);

        const auto role = isSelected ? QPalette::HighlightedText : QPalette::Text;
        const QColor text = option.palette.color(QPalette::Active, role);
        const QRect rect = option.rect.adjusted(space, 0, -space, 0);
        const auto mirrored = [&](const QRect &each) {
            return QStyle::visualRect(option.direction, option.rect, each);
        };
        QRect line = rect;
        const QString iconName = index.data(IconRole).toString();
        if (!iconName.isEmpty()) {
            QRect picture(rect.left(), 0, metrics.height(), metrics.height());
            picture.moveTop(rect.center().y() - metrics.height() / 2);
            const QColor color = isSelected ? text : index.data(ColorRole).value<QColor>();
            icon(iconName, color).paint(painter, mirrored(picture.adjusted(1, 1, -1, -1)));
            line.setLeft(picture.right() + 1 + space);
        }
        if (isHeading)
            line.setTop(line.bottom() - metrics.height() * 3 / 2);
        painter->save();
        QFont font = option.font;
        font.setBold(isHeading);
        painter->setFont(font);
        painter->setPen(text);
        const bool isFromRight = option.direction == Qt::RightToLeft;
        const int start = (isFromRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute
            | Qt::AlignVCenter | Qt::TextSingleLine;
        const int end = (isFromRight ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignAbsolute
            | Qt::AlignVCenter | Qt::TextSingleLine;
        const QString detail = index.data(DetailRole).toString();
        const int detailWidth = metrics.horizontalAdvance(detail);
        painter->drawText(mirrored(line), end, detail);
        line.setRight(line.right() - detailWidth - space);
        painter->drawText(mirrored(line), start,
                          metrics.elidedText(index.data(Qt::DisplayRole).toString(),
                                             Qt::ElideMiddle, line.width()));
        painter->restore();
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(text, 2));
            painter->drawRect(option.rect.adjusted(1, 1, -2, -2));
        }
    }
};

QColor colorOf(FilterKind kind, const QPalette &palette)
{
    const Colors &colors = colorsFor(palette);
    switch (kind) {
    case FilterKind::Exporting:
        return colors.exporting;
    case FilterKind::Uploading:
        return colors.uploading;
    case FilterKind::NeedsAttention:
        return colors.attention;
    case FilterKind::Done:
        return colors.done;
    case FilterKind::All:
    case FilterKind::Waiting:
    case FilterKind::Paused:
    case FilterKind::Cancelled:
        break;
    }
    return palette.color(QPalette::Text);
}

QString healthIcon(Health health)
{
    switch (health) {
    case Health::Ready:
        return QStringLiteral("done");
    case Health::Unreachable:
        return QStringLiteral("offline");
    case Health::SignInNeeded:
        return QStringLiteral("key");
    case Health::Full:
        return QStringLiteral("attention");
    }
    Q_UNREACHABLE();
}

} // namespace

FilterList::FilterList(QueueFilter *filter, QWidget *parent)
    : QListWidget(parent)
    , m_filter(filter)
{
    setObjectName(QStringLiteral("filterList"));
    setAccessibleName(tr("Filters"));
    setItemDelegate(new FilterLine(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    connect(this, &QListWidget::currentItemChanged, this, &FilterList::choose);
    connect(filter->queueModel(), &QueueModel::countsChanged, this, &FilterList::refresh);
    connect(filter, &QueueFilter::filterChanged, this, &FilterList::refresh);
    refresh();
}

void FilterList::setDestinations(const QList<queue::DestinationState> &destinations)
{
    m_destinations = destinations;
    refresh();
}

std::optional<FilterKind> FilterList::kindAt(int place) const
{
    const QListWidgetItem *line = item(place);
    if (!line || !line->data(KindRole).isValid())
        return std::nullopt;
    return FilterKind(line->data(KindRole).toInt());
}

// Lines are made anew: there are few, and what was chosen stays.
void FilterList::refresh()
{
    m_isRefreshing = true;
    clear();
    for (int kind = 0; kind < filterKinds; ++kind) {
        const int count = m_filter->count(FilterKind(kind));
        const bool isChosen = m_filter->kind() == FilterKind(kind);
        if (count > 0 || isChosen || kind == int(FilterKind::All))
            addKind(FilterKind(kind), count);
        if (isChosen)
            setCurrentRow(this->count() - 1);
    }
    addDestinations();
    m_isRefreshing = false;
    updateGeometry();
}

void FilterList::addKind(FilterKind kind, int count)
{
    const QString number = QLocale().toString(count);
    auto *line = new QListWidgetItem(filterText(kind), this);
    line->setData(KindRole, int(kind));
    line->setData(DetailRole, number);
    line->setData(IconRole, filterIcon(kind));
    line->setData(ColorRole, colorOf(kind, palette()));
    //: For screen readers: a kind of rows and how many there are.
    line->setData(Qt::AccessibleTextRole, tr("%1, %2").arg(filterText(kind), number));
}

void FilterList::addDestinations()
{
    if (m_destinations.isEmpty())
        return;
    auto *heading = new QListWidgetItem(tr("Destinations"), this);
    heading->setData(HeadingRole, true);
    heading->setFlags(Qt::ItemIsEnabled);
    const Colors &colors = colorsFor(palette());
    for (const queue::DestinationState &destination : std::as_const(m_destinations)) {
        const QString name = queue::placeText(destination.place);
        auto *line = new QListWidgetItem(queue::isolated(name), this);
        line->setFlags(Qt::ItemIsEnabled);
        line->setData(DetailRole, healthText(destination.health));
        line->setData(IconRole, healthIcon(destination.health));
        const bool isReady = destination.health == Health::Ready;
        line->setData(ColorRole, isReady ? colors.done : colors.held);
        line->setData(Qt::AccessibleTextRole,
                      tr("%1, %2").arg(name, healthText(destination.health)));
        if (destination.error)
            line->setToolTip(describe(*destination.error).sentence().toHtmlEscaped());
    }
}

void FilterList::choose()
{
    if (m_isRefreshing || !currentItem() || !currentItem()->data(KindRole).isValid())
        return;
    const auto kind = FilterKind(currentItem()->data(KindRole).toInt());
    // Not from within the list's own event: it is made anew.
    QMetaObject::invokeMethod(
        m_filter, [filter = m_filter, kind] { filter->setKind(kind); }, Qt::QueuedConnection);
}

int FilterList::contentWidth() const
{
    return std::max(sizeHintForColumn(0), fontMetrics().averageCharWidth() * 16) + 2 * frameWidth();
}

QSize FilterList::sizeHint() const
{
    return QSize(contentWidth(), QListWidget::sizeHint().height());
}

QSize FilterList::minimumSizeHint() const
{
    return QSize(contentWidth(), QListWidget::minimumSizeHint().height());
}

void FilterList::changeEvent(QEvent *event)
{
    QListWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        refresh();
}

QString healthText(Health health)
{
    switch (health) {
    case Health::Ready:
        return FilterList::tr("Ready");
    case Health::Unreachable:
        return FilterList::tr("Can't reach");
    case Health::SignInNeeded:
        return FilterList::tr("Sign in");
    case Health::Full:
        return FilterList::tr("Full");
    }
    Q_UNREACHABLE();
}

} // namespace sendoff::ui
