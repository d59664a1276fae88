// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueView: the list of videos. It knows the mouse, the keys and what is selected; what they do is
// in QueueActions. Not for: painting (row_delegate.h).

#include "ui/queue/row_delegate.h"

#include <QTreeView>

namespace sendoff::ui {

class QueueActions;
class QueueFilter;
class QueuePlaceholder;
class ThumbnailStore;

class QueueView : public QTreeView {
    Q_OBJECT

public:
    // `filter` and `actions` outlive it.
    QueueView(QueueFilter *filter, QueueActions *actions, QWidget *parent = nullptr);

    void setDensity(RowDensity density);
    RowDensity density() const { return m_delegate->density(); }
    // `store` outlives it.
    void setThumbnails(ThumbnailStore *store);

    QStringList selectedIds() const; // in queue order
    void select(const QStringList &ids);
    // Brings it into view, makes it current and selects it alone.
    void showJob(const QString &id);

    // Where the parts of a row stand in the viewport, as painted.
    RowLayout layoutAt(const QModelIndex &index) const;

Q_SIGNALS:
    void selectionChangedTo(const QStringList &ids);
    void showAllRequested(); // from the text that stands for an empty list

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void startDrag(Qt::DropActions supported) override;
    void selectionChanged(const QItemSelection &selected,
                          const QItemSelection &deselected) override;

private:
    QStyleOptionViewItem optionFor(const QModelIndex &index) const;
    RowPointer pointerAt(const QPoint &point) const;
    void setPointer(const RowPointer &pointer);
    void keepAnchor();
    void restoreAnchor();
    void connectRows();
    void updateShown();
    void updatePlaceholder();
    void showToolTip(const QPoint &point, const QPoint &global);

    QueueFilter *m_filter;
    QueueActions *m_actions;
    RowDelegate *m_delegate;
    QueuePlaceholder *m_placeholder;
    RowPointer m_pointer;
    QString m_anchorId; // the first row in view while rows come and go; else empty
    int m_anchorTop = 0; // where it stood
};

} // namespace sendoff::ui
